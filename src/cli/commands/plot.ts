/** `dojang plot RUNS..`: learning curves as a picture, seeds of the same settings together. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, extname } from "node:path";
import { encode } from "fast-png";
import {
  CONFIDENCE,
  curveOf,
  groupRuns,
  pointsOf,
  readMetrics,
  smoothed,
  type Curve,
  type MetricsLine,
  type RunGroup,
} from "../../../agents/index.ts";
import { subcommand, type Call } from "../command.ts";
import { EXIT, nearest, nothingGiven, wrongCall } from "../errors.ts";
import { chart, MAX_CURVES } from "../plot/chart.ts";
import { toPixels } from "../plot/raster.ts";
import type { Scene } from "../plot/scene.ts";
import { toSvg } from "../plot/svg.ts";
import { groupText, runsIn } from "../run-groups.ts";

const NAMES = ["out", "metric", "smooth"] as const;
type PlotCall = Call<(typeof NAMES)[number] | "json">;

const FORMATS: Readonly<Record<string, (scene: Scene) => string | Uint8Array>> = {
  ".svg": toSvg,
  ".png": (scene) => {
    const { width, height, rgb } = toPixels(scene);
    return encode({ width, height, data: rgb, channels: 3, depth: 8 });
  },
};

export const plot = subcommand({
  name: "plot",
  arguments: [{ name: "RUNS", doc: "runs, or folders that hold runs", rest: true }],
  options: NAMES,
  examples: [
    "dojang plot runs --out curves.svg",
    "dojang plot runs/a runs/b --metric evaluation/return --out curves.png",
  ],
  async run(call) {
    const { args, options: { out: file, metric = "return" }, out } = call; // prettier-ignore
    const write = formatOf(file);
    const { runs, unreadable } = await runsIn(args);
    for (const { folder, reason } of unreadable) out.note(`dojang: ${folder} is left out: ${reason}`);
    if (runs.length === 0) throw wrongCall("RUNS", "a run of an agent", "none");
    const curves = await curvesOf(call, groupRuns(runs), metric);
    const scene = chart(curves, {
      title: titleOf(groupRuns(runs), metric),
      xLabel: "env steps",
      yLabel: metric,
      ...(curves.some(({ n }) => n > 1) && { note: `mean of the seeds; band: ${100 * CONFIDENCE}% t interval` }),
    });
    mkdirSync(dirname(file ?? ""), { recursive: true });
    writeFileSync(file ?? "", write(scene));
    const drawn = curves.map(({ label, n, points }) => ({ label, seeds: n, last: points.at(-1) }));
    out.result({ file, metric, curves: drawn }, `${file ?? ""}: ${curves.length} curves of ${runs.length} runs`);
    return EXIT.done;
  },
});

function formatOf(file: string | undefined): (scene: Scene) => string | Uint8Array {
  const names = Object.keys(FORMATS).join(" or ");
  if (file === undefined) throw nothingGiven("--out", `a file that ends in ${names}`, "Add --out curves.svg.");
  const write = FORMATS[extname(file)];
  if (write === undefined) throw wrongCall("--out", `a file that ends in ${names}`, file);
  return write;
}

const titleOf = (groups: readonly RunGroup[], metric: string): string =>
  `${metric} on ${[...new Set(groups.map(({ env }) => env))].join(", ")}`;

/** @throws {GymError} BAD_PARAM when no run has the metric, or the curves are too many to tell apart */
async function curvesOf({ options: { smooth = 1 }, out }: PlotCall, groups: readonly RunGroup[], metric: string) {
  if (groups.length > MAX_CURVES)
    throw wrongCall("RUNS", `at most ${MAX_CURVES} kinds of runs in one picture`, groups.length, "Name fewer.");
  const curves: Curve[] = [];
  const names = new Set<string>();
  for (const group of groups) {
    const lines: (readonly MetricsLine[])[] = [];
    for (const { folder } of group.runs) lines.push(await readMetrics(folder));
    for (const line of lines.flat()) for (const name of Object.keys(line)) names.add(name);
    const seeds = lines.map((one) => smoothed(pointsOf(one, metric), smooth)).filter(({ length }) => length > 0);
    if (seeds.length < group.runs.length)
      out.note(`dojang: ${group.runs.length - seeds.length} runs of ${groupText(group)} have no ${metric}`);
    const curve = seeds.length === 0 ? undefined : curveOf(groupText(group), seeds);
    if (curve?.points.length === 0) out.note(`dojang: the runs of ${groupText(group)} have no steps in common`);
    else if (curve !== undefined) curves.push(curve);
  }
  names.delete("step");
  if (curves.length > 0) return curves;
  throw wrongCall("--metric", `one of ${[...names].sort().join(", ")}`, metric, nearest(metric, names));
}
