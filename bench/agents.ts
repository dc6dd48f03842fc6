/** Learning: agents x envs x seeds, each cell in a process of its own, one row a cell in agents/results.jsonl; a killed run goes on where it was. `dojang bench agents [--part NAME] [--only PATTERN] [--list] [--quick] [--json]` */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GymError } from "dojang/protocol";
import { CELLS, fits, PARTS, QUICK, type Cell } from "./agents/cells.ts";
import type { CellAnswers } from "./agents/cell-process.ts";
import { appendRow, readRows, type Row } from "./agents/rows.ts";
import { chosenParts, machine, type BenchOptions, type Figures } from "./shared/bench.ts";
import { startPeer } from "./wire/processes.ts";

const RESULTS = fileURLToPath(new URL("agents/results.jsonl", import.meta.url));
/** Run folders of cells that are under way: ignored by git. */
const RUNS = fileURLToPath(new URL("../runs/bench-agents", import.meta.url));

interface AgentsOptions extends BenchOptions {
  /** Patterns of cell keys, comma-separated. Absent: all. */
  readonly only?: string | undefined;
  /** Names the cells instead of measuring them. */
  readonly list?: boolean | undefined;
  /** Measures cells that have a row once more. */
  readonly again?: boolean | undefined;
}

/** Goes on after a cell that fails. @throws {GymError} BAD_PARAM for a part or pattern that fits nothing; BAD_RUN naming the cells that failed */
export async function runBench(options: AgentsOptions): Promise<Figures> {
  if (options.quick) return await quickly(options);
  const cells = chosenCells(CELLS, options);
  const rows = readRows(RESULTS);
  if (options.list === true) return listed(cells, rows, options);
  const open = cells.filter(({ key }) => options.again === true || !rows.has(key));
  return await measureAll(open, RESULTS, RUNS, options);
}

/** Nothing of a quick run is kept. */
async function quickly(options: AgentsOptions): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "dojang-bench-"));
  try {
    return await measureAll(chosenCells(QUICK, options), join(folder, "results.jsonl"), folder, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function chosenCells(cells: readonly Cell[], { part, only }: AgentsOptions): readonly Cell[] {
  const parts = chosenParts(part, PARTS);
  const patterns = only?.split(",");
  const chosen = cells.filter(
    (cell) => parts.includes(cell.part) && (patterns?.some((pattern) => fits(cell.key, pattern)) ?? true),
  );
  if (chosen.length > 0) return chosen;
  const hint = "--list names them.";
  throw new GymError("BAD_PARAM", "--only", { expected: "a pattern that fits a cell", received: only, hint });
}

function listed(cells: readonly Cell[], rows: ReadonlyMap<string, Row>, { onPart }: AgentsOptions): Figures {
  for (const { key } of cells) onPart(key, { done: rows.has(key) });
  return { cells: cells.length, done: cells.filter(({ key }) => rows.has(key)).length };
}

async function measureAll(
  cells: readonly Cell[],
  file: string,
  runs: string,
  options: AgentsOptions,
): Promise<Figures> {
  const failed: string[] = [];
  const found: Record<string, number | boolean> = {};
  for (const cell of cells) {
    try {
      const row = await measure(cell, join(runs, cell.key.replaceAll("/", "_")), options.signal);
      appendRow(file, row);
      options.onPart(cell.key, row);
      Object.assign(found, resultOf(row));
    } catch (error) {
      // Its run folder stays, and the next call goes on with it.
      if (options.signal?.aborted === true) break;
      failed.push(cell.key);
      options.onPart(cell.key, { error: error instanceof Error ? error.message.split("\n")[0] : "unknown" });
    }
  }
  if (failed.length > 0)
    throw new GymError("BAD_RUN", "bench agents", { expected: "every cell to end with a row", received: failed });
  return { ...found, ...machine() };
}

/** The figures of a row that stand in the result, named by their cell. */
function resultOf({ cell, ...figures }: Row): Record<string, number | boolean> {
  const named = ["score", "secondsToTarget", "stepsToTarget", "framesPerSecond", "matmulShare", "met"];
  return Object.fromEntries(
    named.flatMap((name) => {
      const value = figures[name];
      return typeof value === "number" || typeof value === "boolean" ? [[`${cell} ${name}`, value]] : [];
    }),
  );
}

async function measure(cell: Cell, folder: string, signal?: AbortSignal): Promise<Row> {
  await using child = await startPeer<CellAnswers>(new URL("agents/cell-process.ts", import.meta.url));
  const stop = (): void => void process.kill(child.pid);
  signal?.addEventListener("abort", stop, { once: true });
  const figures = await child
    .ask("measure", { cell, folder })
    .finally(() => signal?.removeEventListener("abort", stop));
  const { agent, env, seed } = cell;
  const { cpu = "unknown", node = "unknown", date = "unknown" } = machine();
  // What is finished is kept in its row; only a run that was cut off needs its folder.
  rmSync(folder, { recursive: true, force: true });
  return { cell: cell.key, ...figures, agent, env, seed, commit: commit(), date, node, cpu };
}

/** Of the checkout, with a "+" where a file differs from it. */
function commit(): string {
  const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain", "--untracked-files=no", "--", "agents", "envs", "src", "protocol");
  return `${git("rev-parse", "--short", "HEAD")}${changed === "" ? "" : "+"}`;
}
