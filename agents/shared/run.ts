/** The folder of one training run: config.json, metrics.jsonl, checkpoint.safetensors, receipt.json. */
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { access, mkdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { GymError, type JsonValue } from "dojang/protocol";
import { writeAtomic } from "./atomic-file.ts";
import { fieldsOf, type Plain } from "./plain.ts";
import { fromSafetensors, toSafetensors } from "./safetensors.ts";

export type JsonRecord = Readonly<Record<string, JsonValue>>;

const CONFIG = "config.json";
const METRICS = "metrics.jsonl";
const CHECKPOINT = "checkpoint.safetensors";
const RECEIPT = "receipt.json";

export class Run {
  /** Absolute path. */
  readonly folder: string;
  /** What the run was started with; never changes. */
  readonly config: JsonRecord;
  readonly #metrics: number;
  #size: number;

  private constructor(folder: string, config: JsonRecord, size: number) {
    this.folder = folder;
    this.config = config;
    this.#size = size;
    this.#metrics = openSync(join(folder, METRICS), "a");
  }

  /** Makes the folder, whole or not at all. @throws {GymError} BAD_RUN when something is there already, or nothing can be written there */
  static async create(path: string, config: JsonRecord): Promise<Run> {
    const folder = resolve(path);
    if (await exists(folder)) throw occupied(path);
    const draft = `${folder}.${process.pid}.tmp`;
    try {
      await mkdir(draft, { recursive: true });
      await writeFile(join(draft, CONFIG), `${JSON.stringify(config, undefined, 2)}\n`);
      await writeFile(join(draft, METRICS), "");
      await rename(draft, folder);
    } catch (cause) {
      await rm(draft, { recursive: true, force: true }).catch(() => undefined);
      // Where another process was faster, its folder holds files and cannot be replaced.
      if (await exists(folder)) throw occupied(path);
      throw unwritable(path, cause);
    }
    return new Run(folder, config, 0);
  }

  /**
   * Opens a run at its last checkpoint; metrics written after it are dropped, for they will be written again.
   * @returns the run, and what the checkpoint holds: undefined when there is none yet
   * @throws {GymError} BAD_RUN when there is no run, or its checkpoint is damaged
   */
  static async resume(path: string): Promise<{ run: Run; state: Plain | undefined }> {
    const folder = resolve(path);
    const config = await readConfig(path);
    const saved = await readCheckpoint(path);
    const size = saved === undefined ? 0 : (fieldsOf(saved)["metricsBytes"] as number);
    await truncate(join(folder, METRICS), size);
    return { run: new Run(folder, config, size), state: saved === undefined ? undefined : fieldsOf(saved)["state"] };
  }

  /** Appends one line to metrics.jsonl. */
  write(line: JsonRecord): void {
    this.#size += writeSync(this.#metrics, `${JSON.stringify(line)}\n`);
  }

  /** Replaces the checkpoint, atomically, with `state` and the place in the metrics that belongs to it. */
  async checkpoint(state: Plain): Promise<void> {
    const bytes = toSafetensors({ metricsBytes: this.#size, state });
    try {
      fsyncSync(this.#metrics);
      await writeAtomic(join(this.folder, CHECKPOINT), bytes);
    } catch (cause) {
      throw unwritable(this.folder, cause);
    }
  }

  /** What ran where, and what came of it. */
  async receipt(receipt: JsonRecord): Promise<void> {
    await writeAtomic(join(this.folder, RECEIPT), `${JSON.stringify(receipt, undefined, 2)}\n`);
  }

  close(): void {
    closeSync(this.#metrics);
  }
}

/** config.json of a run. @throws {GymError} BAD_RUN */
export async function readConfig(path: string): Promise<JsonRecord> {
  try {
    return JSON.parse(await readFile(join(path, CONFIG), "utf8")) as JsonRecord;
  } catch (cause) {
    const hint = "Give the folder that a training run wrote.";
    throw new GymError(
      "BAD_RUN",
      path,
      { expected: `a run folder with a readable ${CONFIG}`, received: path, hint },
      cause,
    );
  }
}

/** The last checkpoint of a run, undefined before the first. @throws {GymError} BAD_RUN when it is damaged */
export async function readCheckpoint(path: string): Promise<Plain | undefined> {
  const file = join(path, CHECKPOINT);
  if (!(await exists(file))) return undefined;
  return fromSafetensors(await readFile(file), file);
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const occupied = (path: string): GymError =>
  new GymError("BAD_RUN", path, {
    expected: "a folder that does not exist yet",
    hint: "Go on with --resume, or choose another --out.",
  });

const unwritable = (path: string, cause: unknown): GymError => {
  const received = cause instanceof Error ? cause.message : "an unknown failure";
  return new GymError("BAD_RUN", path, { expected: "a folder that can be written to", received }, cause);
};
