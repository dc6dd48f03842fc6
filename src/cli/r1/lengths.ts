/** The response length over the updates of each GRPO: as a line of text, and as a picture. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { curveOf, pointsOf, readMetrics, smoothed, type Curve } from "../../../agents/index.ts";
import { chart } from "../plot/chart.ts";
import { toSvg } from "../plot/svg.ts";

/** Numbers in a line of text. */
const SHOWN = 12;
/** Updates whose mean is one point of the picture. */
const WINDOW = 20;
const METRIC = "completions/mean_length";

/** Writes `response-length.svg` into the run. @param stages names and titles of its stages of GRPO @returns a line for each */
export async function lengthCurves(
  run: string,
  stages: readonly (readonly [name: string, title: string])[],
): Promise<string[]> {
  const found: { readonly curve: Curve; readonly line: string }[] = [];
  for (const [name, title] of stages) {
    const folder = join(run, name);
    if (!existsSync(folder)) continue;
    const points = pointsOf(await readMetrics(folder), METRIC);
    if (points.length === 0) continue;
    const means = binned(points.map(({ y }) => y)).map((mean) => mean.toFixed(1));
    found.push({ curve: curveOf(title, [smoothed(points, WINDOW)]), line: `tokens of an answer, ${title}, from the first update to the last: ${means.join(" ")}` }); // prettier-ignore
  }
  if (found.length === 0) return [];
  const drawn = chart(found.map(({ curve }) => curve), { title: "Response length in GRPO", xLabel: "updates", yLabel: "tokens of an answer", note: `mean of ${WINDOW} updates` }); // prettier-ignore
  const file = join(run, "response-length.svg");
  writeFileSync(file, toSvg(drawn));
  return [...found.map(({ line }) => line), `as a picture: ${file}`];
}

/** Means of as many equal stretches as are shown, or the values themselves where they are fewer. */
function binned(values: readonly number[]): number[] {
  const bins = Math.min(SHOWN, values.length);
  const edge = (bin: number): number => Math.floor((bin * values.length) / bins);
  return Array.from({ length: bins }, (_, bin) => {
    const own = values.slice(edge(bin), edge(bin + 1));
    return own.reduce((sum, value) => sum + value, 0) / own.length;
  });
}
