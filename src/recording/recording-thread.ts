/** The one thread beside the main one that records: started by the first recorder that needs it, shared by all, ended when the last has closed. */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { JsonValue } from "../../protocol/frames.ts";
import { spaceToJson } from "../../protocol/space-json.ts";
import { execArgv } from "../registry/exec-argv.ts";
import type { EncoderSpec } from "./chunk-encoder.ts";
import type { PackedChunk } from "./chunk-records.ts";
import type { FrameNote } from "./frame-block.ts";

/** Spaces as JSON: in memory they may hold what cannot be cloned. */
export interface Begin {
  readonly op: "begin";
  readonly id: number;
  readonly spec: Omit<EncoderSpec, "action" | "observation"> & {
    readonly action: JsonValue;
    readonly observation: JsonValue;
  };
}

export interface GivenBlock {
  readonly op: "block";
  readonly id: number;
  readonly block: number;
  /** With the first use of a block. */
  readonly buffer?: SharedArrayBuffer;
  readonly frames: number;
  readonly notes: readonly FrameNote[];
}

export type ToThread = Begin | GivenBlock | { readonly op: "end"; readonly id: number };

/** What the thread tells of a recording: in order, `ended` last. */
export type FromThread = { readonly id: number } & (
  | { readonly op: "chunk"; readonly chunk: PackedChunk }
  | { readonly op: "done"; readonly block: number }
  | { readonly op: "failed"; readonly message: string }
  | { readonly op: "ended" }
);

export interface Listener {
  onMessage(message: FromThread): void;
  /** The thread is gone; nothing more will come. */
  onGone(error: Error): void;
}

/** Milliseconds for which a thread without work waits for more. */
const LINGER_MS = 1_000;
const WORKER = new URL(`./recording-worker${extname(import.meta.url)}`, import.meta.url);

let current: RecordingThread | undefined;

/** The thread of this process. */
export const recordingThread = (): RecordingThread => (current ??= new RecordingThread());

export class RecordingThread {
  readonly #worker: Worker;
  readonly #listeners = new Map<number, Listener>();
  #linger: NodeJS.Timeout | undefined;
  #last = 0;
  #holds = 0;

  constructor() {
    this.#worker = new Worker(WORKER, { execArgv: execArgv(), name: "dojang recording" });
    this.#worker.on("message", (message: FromThread) => this.#listeners.get(message.id)?.onMessage(message));
    this.#worker.on("error", (error) => this.#gone(error instanceof Error ? error.message : String(error)));
    this.#worker.on("exit", (code) => this.#gone(`exit code ${code}`));
    // After the listeners: to listen is to hold.
    this.#worker.unref();
  }

  /** Begins a recording; gives its number. */
  begin({ action, observation, ...spec }: EncoderSpec, listener: Listener): number {
    clearTimeout(this.#linger);
    const id = ++this.#last;
    this.#listeners.set(id, listener);
    this.tell({
      op: "begin",
      id,
      spec: { ...spec, action: spaceToJson(action), observation: spaceToJson(observation) },
    });
    return id;
  }

  tell(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  /** After its `ended`. */
  forget(id: number): void {
    this.#listeners.delete(id);
    if (this.#listeners.size === 0) this.#linger = setTimeout(() => void this.end(), LINGER_MS).unref();
  }

  /** Keeps the process alive until as many calls of `release`: somebody waits for an answer. */
  hold(): void {
    if (this.#holds++ === 0) this.#worker.ref();
  }

  release(): void {
    if (--this.#holds === 0) this.#worker.unref();
  }

  /** Ends the thread whatever it does. */
  async end(): Promise<void> {
    if (current === this) current = undefined;
    await this.#worker.terminate();
  }

  #gone(why: string): void {
    if (current === this) current = undefined;
    clearTimeout(this.#linger);
    const error = new Error(`the recording thread ended: ${why}`);
    for (const listener of this.#listeners.values()) listener.onGone(error);
    this.#listeners.clear();
  }
}
