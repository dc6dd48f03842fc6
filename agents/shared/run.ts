/** The folder of one training run: config.json, metrics.jsonl and the same as TensorBoard events, checkpoint.safetensors, best.safetensors, receipt.json. */
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { access, copyFile, link, mkdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { GymError, type JsonValue } from "dojang/protocol";
import { EVENTS, fileHeader, scalars } from "../results/event-file.ts";
import { writeAtomic } from "./atomic-file.ts";
import { fieldsOf, type Plain } from "./plain.ts";
import { fromSafetensors, toSafetensors } from "./safetensors.ts";
import { isAtWork, writtenBy, type Writer } from "./writer.ts";

export type JsonRecord = Readonly<Record<string, JsonValue>>;

const CONFIG = "config.json";
const METRICS = "metrics.jsonl";
const CHECKPOINT = "checkpoint.safetensors";
const BEST = "best.safetensors";
const RECEIPT = "receipt.json";

export class Run {
  /** Absolute path. */
  readonly folder: string;
  /** What the run was started with; never changes. */
  readonly config: JsonRecord;
  readonly #metrics: Appended;
  readonly #events: Appended;

  private constructor(folder: string, config: JsonRecord, { metrics, events }: Sizes) {
    this.folder = folder;
    this.config = config;
    this.#metrics = new Appended(join(folder, METRICS), metrics);
    this.#events = new Appended(join(folder, EVENTS), events);
    if (events === 0) this.#events.write(fileHeader(Date.now() / 1_000));
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
    return new Run(folder, config, { metrics: 0, events: 0 });
  }

  /**
   * Opens a run at its last checkpoint; metrics written after it are dropped, for they will be written again.
   * @returns the run, and what the checkpoint holds: undefined when there is none yet
   * @throws {GymError} BAD_RUN when there is no run, another process writes to it, or its checkpoint is damaged
   */
  static async resume(path: string): Promise<{ run: Run; state: Plain | undefined }> {
    const folder = resolve(path);
    const config = await readConfig(path);
    const writer = await writerOf(path);
    if (writer !== undefined) throw writtenBy(path, writer);
    const saved = await readCheckpoint(path);
    const { bytes, state } = fieldsOf(saved ?? { bytes: { metrics: 0, events: 0 } });
    // What `checkpoint` wrote, or the line above.
    const { metrics, events } = bytes as unknown as Sizes;
    await truncate(join(folder, METRICS), metrics);
    // Without its event file a run goes on with a new one.
    const whole = await exists(join(folder, EVENTS));
    if (whole) await truncate(join(folder, EVENTS), events);
    return { run: new Run(folder, config, { metrics, events: whole ? events : 0 }), state };
  }

  /** Appends one line to metrics.jsonl, and its numbers to the event file. @param line with the env `step` it belongs to */
  write(line: Readonly<Record<string, number>>): void {
    this.#metrics.write(`${JSON.stringify(line)}\n`);
    const { step = 0, ...values } = line;
    this.#events.write(scalars(step, Date.now() / 1_000, values));
  }

  /** Replaces the checkpoint, atomically, with `state` and the places in the metrics that belong to it. */
  async checkpoint(state: Plain): Promise<void> {
    const sizes = { metrics: this.#metrics.size, events: this.#events.size };
    const bytes = toSafetensors({ bytes: sizes, state });
    try {
      this.#metrics.sync();
      this.#events.sync();
      await writeAtomic(join(this.folder, CHECKPOINT), bytes);
    } catch (cause) {
      throw unwritable(this.folder, cause);
    }
  }

  /** Keeps the checkpoint just written as the best one, too: a second name of the same file, for a checkpoint is replaced, never changed. */
  async keepBest(): Promise<void> {
    const [last, best] = [join(this.folder, CHECKPOINT), join(this.folder, BEST)];
    const draft = `${best}.${process.pid}.tmp`;
    try {
      // Not every file system knows a second name.
      await link(last, draft).catch(() => copyFile(last, draft));
      await rename(draft, best);
    } catch (cause) {
      await rm(draft, { force: true }).catch(() => undefined);
      throw unwritable(this.folder, cause);
    }
  }

  /** What ran where, and what came of it. */
  async receipt(receipt: JsonRecord): Promise<void> {
    await writeAtomic(join(this.folder, RECEIPT), `${JSON.stringify(receipt, undefined, 2)}\n`);
  }

  close(): void {
    this.#metrics.close();
    this.#events.close();
  }
}

interface Sizes {
  readonly metrics: number;
  readonly events: number;
}

/** A file that is only ever appended to. */
class Appended {
  readonly #file: number;
  /** bytes */
  size: number;

  constructor(path: string, size: number) {
    this.#file = openSync(path, "a");
    this.size = size;
  }

  write(data: string | Uint8Array): void {
    this.size += typeof data === "string" ? writeSync(this.#file, data) : writeSync(this.#file, data);
  }

  sync(): void {
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
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

/** The process that writes to a run at this moment; undefined where there is none. */
export async function writerOf(path: string): Promise<Writer | undefined> {
  try {
    const receipt = JSON.parse(await readFile(join(path, RECEIPT), "utf8")) as { readonly process?: Writer };
    return receipt.process !== undefined && isAtWork(receipt.process) ? receipt.process : undefined;
  } catch {
    // No receipt yet, or one that was damaged from outside: nothing that says so.
    return undefined;
  }
}

/** The last or the best checkpoint of a run, undefined before the first. @throws {GymError} BAD_RUN when it is damaged */
export async function readCheckpoint(path: string, which: "last" | "best" = "last"): Promise<Plain | undefined> {
  const file = join(path, which === "best" ? BEST : CHECKPOINT);
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
