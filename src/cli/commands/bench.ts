/** `dojang bench`: figures of a benchmark, one part a line. The benchmarks are in the repository, not in the package. */
import { existsSync } from "node:fs";
import { GymError } from "../../../protocol/errors.ts";
import { subcommand } from "../command.ts";
import { EXIT, nearest, wrongCall } from "../errors.ts";
import { table } from "../output.ts";

type Figures = Readonly<Record<string, string | number | boolean>>;

/** What a benchmark's module offers; it lies outside of what is built, so its types cannot be imported. */
interface BenchModule {
  /** `part`: this one alone. @throws {GymError} BAD_PARAM for a part that it does not have */
  runBench(options: {
    quick: boolean;
    part?: string | undefined;
    only?: string | undefined;
    list?: boolean | undefined;
    again?: boolean | undefined;
    signal: AbortSignal;
    onPart(name: string, figures: object): void;
  }): Promise<Figures>;
}

/** Of bench/NAME.ts. */
const BENCHES = ["wire", "envs", "agents", "moe", "verify"];

export const bench = subcommand({
  name: "bench",
  arguments: [{ name: "what", doc: BENCHES.join("|") }],
  options: ["quick", "part", "only", "list", "again"],
  examples: [
    "dojang bench wire",
    "dojang bench envs --part CartPole-v1",
    "dojang bench agents --only 'cartpole/ppo/*'",
    "dojang bench wire --quick --json",
  ],
  async run({ args: [what = ""], options: { quick = false, part, ...cells }, out, signal }) {
    if (!BENCHES.includes(what)) throw wrongCall("bench", BENCHES.join(", "), what, nearest(what, BENCHES));
    const [flag] = Object.keys(cells).filter((name) => ["only", "list", "again"].includes(name));
    if (flag !== undefined && what !== "agents")
      throw wrongCall(`bench ${what}`, "only, list and again for agents alone", `--${flag}`);
    const { runBench } = await load(what);
    const figures = await runBench({
      quick,
      part,
      ...cells,
      signal,
      onPart(name, found) {
        out.note(`${name}: ${JSON.stringify(found)}`);
        out.record({ part: name, ...found });
      },
    });
    out.result(figures, table(Object.entries(figures).map(([name, value]) => [name, shown(value)])));
    return EXIT.done;
  },
});

async function load(what: string): Promise<BenchModule> {
  const file = benchFile(what);
  if (existsSync(file)) return (await import(file.href)) as BenchModule;
  const here = BENCHES.filter((name) => existsSync(benchFile(name)));
  throw new GymError(
    "UNSUPPORTED",
    `bench ${what}`,
    here.length > 0
      ? { expected: `one that this checkout has: ${here.join(", ")}` }
      : {
          expected: "a checkout of the repository: the package holds no benchmarks",
          hint: `Clone it, run \`npm ci\`, then \`npm run -s dojang -- bench ${what}\`.`,
        },
  );
}

const benchFile = (name: string): URL => new URL(`../../../bench/${name}.ts`, import.meta.url);

const shown = (value: string | number | boolean): string =>
  typeof value === "number" && !Number.isInteger(value) ? value.toPrecision(4) : String(value);
