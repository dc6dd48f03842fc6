/** Draws the learning curves of the MinAtar cells of `dojang bench agents`, each as a share of the score that is wanted of its game: `node bench/agents-curves.ts [FILE.svg]`. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chart } from "../src/cli/plot/chart.ts";
import { toSvg } from "../src/cli/plot/svg.ts";
import { readRows } from "./agents/rows.ts";
import { CELLS } from "./agents/cells.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const [file = here("agents/minatar-curves.svg")] = process.argv.slice(2);

const rows = readRows(here("agents/results.jsonl"));
const curves = CELLS.filter(({ part }) => part === "minatar").flatMap(({ key, env, seed, wanted = 1 }) => {
  // Rows of such cells have a curve: [frames, mean of the last 100 training returns].
  const curve = rows.get(key)?.["curve"] as readonly (readonly [number, number])[] | undefined;
  if (curve === undefined) return [];
  const label = `${env}, seed ${seed}: 1 is ${wanted}`;
  return [{ label, n: 1, points: curve.map(([x, y]) => ({ x, y: y / wanted })) }];
});
const words = { title: "PPO on MinAtar", xLabel: "frames", yLabel: "training return / wanted score" };
writeFileSync(file, toSvg(chart(curves, words)));
