/** The part of a batch that another thread steps, as the thread sees it that asks. */
import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { GymError } from "../../../protocol/errors.ts";
import type { Space } from "../../../protocol/spaces.ts";
import type { AnyRules } from "../rules.ts";
import type { Asked } from "./own-part.ts";
import { awaitChange, OP, WORD, type Answer, type Call, type ToldError } from "./protocol.ts";
import { copyColumns, readShared, type SharedFrame } from "./shared-frame.ts";
import type { Range } from "./split.ts";

/** A thread that serves, made by whoever knows how to load the plugin there. */
export interface ShardThread {
  readonly control: Int32Array;
  readonly shared: SharedFrame;
  readonly port: MessagePort;
  /** Why the thread is no more; undefined while it lives. Told by events, so not while this thread waits. */
  readonly ended: Error | undefined;
  /** Ends the thread, in good order where it still answers. */
  close(): Promise<void>;
  /** Ends the thread at once. */
  kill(): void;
}

/** Milliseconds between two looks at whether a thread still lives. */
const LOOK_MS = 20;

export class Shard implements Asked {
  readonly thread: ShardThread;
  readonly firstRow: number;
  readonly num: number;
  readonly #rules: AnyRules;
  #asked = 0;
  #stepping = false;

  constructor(rules: AnyRules, thread: ShardThread, { firstRow, num }: Range) {
    this.#rules = rules;
    this.thread = thread;
    this.firstRow = firstRow;
    this.num = num;
  }

  /** Has a row stepped for each of `actions`, in the instances `index` of this part (absent: all). */
  startStep(space: Space, actions: unknown, rows: number, index: Uint32Array | undefined): void {
    const { shared, control } = this.thread;
    copyColumns(space, actions, shared.actions);
    if (index !== undefined) shared.index.set(index);
    Atomics.store(control, WORD.rows, rows);
    this.#ask(OP.step);
  }

  startCall(call: Call): void {
    this.thread.port.postMessage(call);
    this.#ask(OP.call);
  }

  #ask(op: number): void {
    const { control } = this.thread;
    this.#stepping = op === OP.step;
    Atomics.store(control, WORD.op, op);
    Atomics.store(control, WORD.asked, ++this.#asked);
    Atomics.notify(control, WORD.asked);
  }

  /** Waits for the answer, blocking this thread for at most `ms` milliseconds. False: it is not there yet. @throws {GymError} ENV_FAULT when the thread has ended */
  wait(ms: number): boolean {
    const { control } = this.thread;
    const end = performance.now() + ms;
    for (let done = Atomics.load(control, WORD.done); done !== this.#asked;) {
      done = awaitChange(control, WORD.done, done, LOOK_MS);
      if (done !== this.#asked) {
        this.#assertAlive();
        if (performance.now() >= end) return false;
      }
    }
    return true;
  }

  /** The same without blocking. @throws as above; STEP_DEADLINE when it takes longer than `ms` milliseconds: then the thread is ended */
  async later(ms: number): Promise<void> {
    const { control } = this.thread;
    const end = performance.now() + ms;
    // A promise of Atomics.waitAsync does not keep the process alive; this does.
    const alive = setInterval(() => undefined, 1_000);
    try {
      for (let done = Atomics.load(control, WORD.done); done !== this.#asked; done = Atomics.load(control, WORD.done)) {
        await Atomics.waitAsync(control, WORD.done, done, LOOK_MS).value;
        this.#assertAlive();
        if (performance.now() >= end) throw this.#late(ms);
      }
    } finally {
      clearInterval(alive);
    }
  }

  #late(ms: number): GymError {
    this.thread.kill();
    return new GymError("STEP_DEADLINE", "a thread that steps a part of the batch", {
      expected: `an answer within ${ms} ms`,
      hint: "It was ended; make the env again.",
    });
  }

  #assertAlive(): void {
    const { ended, control } = this.thread;
    // What it answered before it ended counts.
    if (Atomics.load(control, WORD.done) === this.#asked) return;
    if (ended === undefined && Atomics.load(control, WORD.ended) === 0) return;
    const why = ended === undefined ? "" : ` (${ended.message})`;
    throw new GymError("ENV_FAULT", `a thread that steps a part of the batch ended${why}`, {
      hint: "Make the env again.",
    });
  }

  /** The answer. The frame of a step is of views of the shared columns: it holds until the next one. */
  take(): Answer {
    const { control, port, shared } = this.thread;
    const told = Atomics.load(control, WORD.message) === 1;
    const answer = told ? (receiveMessageOnPort(port) as { message: Answer }).message : {}; // it was sent before the answer was made known
    if (!this.#stepping || answer.error !== undefined) return answer;
    const { parts, errors } = answer;
    const frame = { ...readShared(shared, this.#rules), ...(parts && { parts }), ...(errors && { errors }) };
    return { ...answer, frame };
  }
}

/** An error that another thread told. */
export const rebuilt = ({ code, message }: ToldError): GymError => GymError.fromWire(code, message);
