/** `dojang bench wire`: the server and the client at their limit, one figure a line. The benchmarks are in the repository, not in the package. */
import { existsSync } from "node:fs";
import { GymError } from "../../../protocol/errors.ts";
import { subcommand } from "../command.ts";
import { EXIT, nearest, wrongCall } from "../errors.ts";
import { table } from "../output.ts";

type Figures = Readonly<Record<string, string | number | boolean>>;

/** What a benchmark's module offers; it lies outside of what is built, so its types cannot be imported. */
interface WireBench {
  runWire(options: { quick: boolean; onPart(name: string, figures: object): void }): Promise<Figures>;
}

const BENCHES = ["wire"];

export const bench = subcommand({
  name: "bench",
  summary: "Measure the wire: rates, thousands of sessions, cut connections, hostile frames (repository only).",
  arguments: [{ name: "what", doc: "wire" }],
  options: ["quick"],
  examples: ["dojang bench wire", "dojang bench wire --quick --json"],
  async run({ args: [what = ""], options: { quick = false }, out }) {
    if (!BENCHES.includes(what)) throw wrongCall("bench", BENCHES.join(", "), what, nearest(what, BENCHES));
    const { runWire } = await load(what);
    const figures = await runWire({
      quick,
      onPart(part, found) {
        out.note(`${part}: ${JSON.stringify(found)}`);
        out.record({ part, ...found });
      },
    });
    out.result(figures, table(Object.entries(figures).map(([name, value]) => [name, shown(value)])));
    return EXIT.done;
  },
});

async function load(what: string): Promise<WireBench> {
  const file = new URL(`../../../bench/${what}.ts`, import.meta.url);
  if (existsSync(file)) return (await import(file.href)) as WireBench;
  throw new GymError("UNSUPPORTED", `bench ${what}`, {
    expected: "a checkout of the repository: the package holds no benchmarks",
    hint: "Clone it, run `npm ci`, then `npm run -s dojang -- bench wire`.",
  });
}

const shown = (value: string | number | boolean): string =>
  typeof value === "number" && !Number.isInteger(value) ? value.toPrecision(4) : String(value);
