/** The tables of `dojang train r1`: shares in percent, each with its 95 % interval. */
import { isMeasured, type Figures, type Gain, type RejectionResult, type StageResult } from "../../../agents/index.ts";
import { table } from "../output.ts";

interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const percent = ({ mean, low, high }: Interval): string =>
  `${(100 * mean).toFixed(1)} (${(100 * low).toFixed(1)}-${(100 * high).toFixed(1)})`;

const shares = ({ greedy, pass1, passK, majK }: Figures): string[] => [greedy, pass1, passK, majK].map(percent);

const HEAD = ["greedy", "pass@1", "pass@k", "maj@k"];

/** A row for each stage, in the order in which they ran; one that trains nothing has no figures. */
export const stageTable = (stages: readonly (StageResult | RejectionResult)[]): string =>
  table([
    ["stage", ...HEAD, "steps", "seconds", "core s"],
    ...stages.map((stage) => [
      stage.title,
      ...(isMeasured(stage) ? shares(stage.measured) : HEAD.map(() => "")),
      ...[String(stage.steps), stage.seconds.toFixed(0), stage.cpuSeconds.toFixed(0)],
    ]),
  ]);

/** A row for each stage and family; undefined where there is one family. */
export function familyTable(stages: readonly (StageResult | RejectionResult)[]): string | undefined {
  const rows = stages
    .filter(isMeasured)
    .flatMap(({ title, measured: { families = {} } }) =>
      Object.entries(families).map(([name, figures]) => [
        ...[title, name, ...shares(figures)],
        `${figures.length.mean.toFixed(1)} (${figures.length.low.toFixed(1)}-${figures.length.high.toFixed(1)})`,
      ]),
    );
  return rows.length === 0 ? undefined : table([["stage", "family", ...HEAD, "tokens of an answer"], ...rows]);
}

/** What pass@1 rose by, in points; undefined where nothing was compared. */
export function gainTable(gains: readonly Gain[]): string | undefined {
  const [first] = gains;
  if (first === undefined) return undefined;
  const names = Object.keys(first.families ?? {});
  return table([
    ["pass@1 rose from", "to", "by points", ...names],
    ...gains.map(({ from, to, pass1, families = {} }) => [
      ...[from, to, percent(pass1)],
      ...names.map((name) => percent(families[name] as Interval)),
    ]),
  ]);
}
