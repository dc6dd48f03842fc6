/** The rows of cells as Markdown tables, for bench/RESULTS.md: one table for each kind of figure, seeds together. */
import { gamesTables } from "./games-tables.ts";
import type { Row } from "./rows.ts";

/** Rows of one part, agent, settings and env: the seeds. */
type Group = readonly Row[];

interface Column {
  readonly title: string;
  show(group: Group): string;
}

const first = (group: Group): Row => group[0] as Row;
const text = (row: Row, name: string): string => {
  const value = row[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "-";
};
const numbers = (group: Group, name: string): number[] =>
  group.map((row) => row[name]).filter((value): value is number => typeof value === "number");

const count = (value: number): string => Math.round(value).toLocaleString("en-US");
const short = (value: number): string =>
  Math.abs(value) >= 1_000 ? count(value) : String(Number(value.toPrecision(3)));

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Median, and where there are several the least and the greatest. */
function spread(values: readonly number[], show = short): string {
  if (values.length === 0) return "-";
  const range = values.length === 1 ? "" : ` (${show(Math.min(...values))} to ${show(Math.max(...values))})`;
  return show(median(values)) + range;
}

const named = (title: string, name: string, show = short): Column => ({
  title,
  show: (group) => spread(numbers(group, name), show),
});

/** Agent, and the word for its settings. */
const AGENT: Column = {
  title: "agent",
  show(group) {
    const row = first(group);
    const { cell } = row;
    return cell.slice(cell.indexOf("/") + 1, -`/${text(row, "env")}/${text(row, "seed")}`.length).replace("/", ", ");
  },
};
const ENV: Column = { title: "env", show: (group) => text(first(group), "env") };
const SEEDS: Column = { title: "seeds", show: (group) => String(group.length) };
const FRAMES = named("frames", "frames", count);
const CPU = named("CPU s", "cpuSeconds");
const COMMIT: Column = {
  title: "commit",
  show: (group) => [...new Set(group.map((row) => text(row, "commit")))].join(", "),
};

/** Each seed's own mean with its standard error. */
const SCORES: Column = {
  title: "score +/- s.e.",
  show: (group) =>
    group.map((row) => `${short(Number(row["score"]))} +/- ${short(Number(row["standardError"]))}`).join("; "),
};
const WANTED: Column = {
  title: "wanted",
  show(group) {
    const met = group.filter((row) => row["met"] === true).length;
    const wanted = first(group)["wanted"] ?? first(group)["target"];
    return wanted === undefined ? "" : `${short(Number(wanted))}: ${met} of ${group.length}`;
  },
};

const FIRST_TIME: readonly Column[] = [
  ...[AGENT, ENV, SEEDS, named("s to target", "secondsToTarget"), named("CPU s to target", "cpuSecondsToTarget")],
  ...[named("steps to target", "stepsToTarget", count), named("s in all", "processSeconds"), FRAMES, WANTED, COMMIT],
];
const SCORE: readonly Column[] = [AGENT, ENV, SEEDS, SCORES, named("training return", "trainingReturn"), WANTED, FRAMES, CPU, named("updates/s", "updatesPerSecond"), COMMIT]; // prettier-ignore
const RATE: readonly Column[] = [
  ...[AGENT, ENV, named("frames/s", "framesPerSecond"), named("frames/CPU s", "framesPerCpuSecond")],
  ...[named("share of matmul rate", "matmulShare"), named("matmul GFLOP/s", "matmulGflopsPerSecond"), COMMIT],
];

const columnsOf = (row: Row): readonly Column[] =>
  "matmulShare" in row ? RATE : "stepsToTarget" in row ? FIRST_TIME : SCORE;

/** One section for each part that has rows, in the order of their first rows. */
export function tables(rows: Iterable<Row>): string {
  const parts = Map.groupBy(rows, ({ cell }) => cell.split("/")[0] ?? "");
  return [...parts].map(([part, own]) => [`### ${part}`, tableOf(own), ...gamesTables(own)].join("\n\n")).join("\n\n");
}

function tableOf(rows: readonly Row[]): string {
  const columns = columnsOf(rows[0] as Row);
  const groups = Map.groupBy(rows, ({ cell }) => cell.slice(0, cell.lastIndexOf("/")));
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(() => "---")),
    ...[...groups.values()].map((group) => line(columns.map(({ show }) => show(group)))),
  ].join("\n");
}
