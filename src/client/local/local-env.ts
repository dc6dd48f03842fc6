/** An env in this process, behind the same interface as a remote one. */
import type { Frame } from "../../../protocol/frames.ts";
import { asGymError, GymError } from "../../../protocol/errors.ts";
import type { Space } from "../../../protocol/spaces.ts";
import { maskWidth } from "../../env/built-env.ts";
import { cloneFrame } from "../../env/clone-frame.ts";
import { forkRows } from "../../env/fork.ts";
import { ReadyRows } from "../../env/ready-rows.ts";
import type { Runner } from "../../env/runner.ts";
import type { Made } from "../../registry/make.ts";
import { Mailbox } from "../mailbox.ts";
import { checkOptions, checkReset, SEND, STEP } from "../options.ts";
import type { Env, EnvSpaces, Picture, ResetOptions, StepOptions } from "../env.ts";

export class LocalEnv implements Env {
  readonly spaces: EnvSpaces;
  readonly maskWidth: number;
  readonly #runner: Runner;
  readonly #made: Made;
  readonly #onClose: (env: LocalEnv) => void;
  readonly #stop = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();
  #tail: Promise<void> | undefined;
  #seq = 0;
  #closed: Promise<void> | undefined;

  readonly #ready: ReadyRows | undefined;
  readonly #mailbox = new Mailbox();

  constructor(made: Made, firstReady: boolean, onClose: (env: LocalEnv) => void) {
    this.#ready = firstReady ? new ReadyRows(made.runner) : undefined;
    this.#made = made;
    this.#runner = made.runner;
    this.#onClose = onClose;
    const { rules } = made.runner.env;
    this.maskWidth = maskWidth(rules);
    this.spaces = spacesOf(rules);
  }

  get id(): string {
    return this.#runner.env.id;
  }
  get version(): string {
    return this.#runner.env.version;
  }
  get num(): number {
    return this.#runner.num;
  }
  get params(): Env["params"] {
    return this.#runner.env.params;
  }
  get autoreset(): Env["autoreset"] {
    return this.#runner.autoreset;
  }
  get maxSteps(): number {
    return this.#runner.maxSteps;
  }
  get seed(): number {
    return this.#runner.seed;
  }

  async reset(options: ResetOptions = {}): Promise<Frame> {
    checkReset(options, this.id, this.num);
    return this.#frame(() => this.#open().reset({ ...options, signal: this.#stop.signal }));
  }

  async step(actions: unknown, options?: StepOptions): Promise<Frame> {
    if (options !== undefined) checkOptions(STEP, options, this.id);
    if (this.#ready !== undefined)
      throw new GymError("UNSUPPORTED", `${this.id}: step`, {
        hint: "The env was made with mode first-ready: use send.",
      });
    return this.#frame(() => {
      const seq = this.#seq + 1;
      const frame = this.#open().step(actions, {
        index: options?.index,
        extras: options?.extras,
        seq,
        signal: this.#stop.signal,
      });
      this.#seq = seq;
      return frame;
    });
  }

  async send(actions: unknown, options?: StepOptions): Promise<void> {
    if (options !== undefined) checkOptions(SEND, options, this.id);
    const rows = this.#firstReady();
    const { rules } = this.#open().env;
    const start = (): void | Promise<void> => {
      const seq = this.#seq + 1;
      const done = rows.send(actions, {
        ...options,
        seq,
        signal: this.#stop.signal,
        deliver: (frame) => {
          this.#mailbox.put(this.#runner.ownsFrames ? frame : cloneFrame(frame, rules.observation, rules.infoSpace));
        },
        fail: (error) => {
          this.#mailbox.end(asGymError(error));
        },
      });
      this.#seq = seq;
      return done;
    };
    if (rules.async) void this.#watch(start());
    else await this.#inTurn(start);
  }

  recv(): Promise<Frame> {
    return this.#mailbox.take();
  }

  async render(index?: readonly number[]): Promise<Picture[]> {
    return this.#inTurn(() => this.#open().render(index));
  }

  async snapshot(index?: readonly number[]): Promise<Uint8Array[]> {
    return this.#inTurn(() => this.#open().snapshot(index));
  }

  async restore(snapshots: readonly Uint8Array[], index?: readonly number[]): Promise<Frame> {
    return this.#frame(() => this.#open().restore(snapshots, index));
  }

  async fork(from: readonly number[], to: readonly number[]): Promise<Frame> {
    return this.#frame(() => forkRows(this.#open(), from, to));
  }

  /** Cancels async steps under way, waits for them and for the recording, and lets go of the plugin. */
  async close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    this.#onClose(this);
    this.#stop.abort();
    await this.#tail;
    await Promise.allSettled(this.#underWay);
    this.#mailbox.end(new GymError("UNKNOWN_HANDLE", this.id, { hint: "The env was closed." }));
    await this.#made.close();
  }

  #firstReady(): ReadyRows {
    if (this.#ready !== undefined) return this.#ready;
    throw new GymError("UNSUPPORTED", `${this.id}: send`, { hint: "Make the env with mode first-ready, or use step." });
  }

  #open(): Runner {
    if (this.#closed === undefined) return this.#runner;
    throw new GymError("UNKNOWN_HANDLE", this.id, { expected: "an open env", hint: "It was closed; make it again." });
  }

  /** Frames of synchronous envs alias the runner's buffers: the caller gets a copy to keep, made before the next call. */
  #frame(call: () => Frame | Promise<Frame>): Frame | Promise<Frame> {
    const { rules } = this.#runner.env;
    if (rules.async) return this.#watch(call());
    if (this.#runner.ownsFrames) return this.#inTurn(call);
    const own = (frame: Frame): Frame => cloneFrame(frame, rules.observation, rules.infoSpace);
    return this.#inTurn(() => {
      const frame = call();
      return frame instanceof Promise ? frame.then(own) : own(frame);
    });
  }

  /** Async envs look after their rows themselves, so that disjoint subsets overlap. */
  #watch<T>(result: T | Promise<T>): T | Promise<T> {
    if (!(result instanceof Promise)) return result;
    this.#underWay.add(result);
    return result.finally(() => this.#underWay.delete(result));
  }

  /** At once, unless a frame is still being recorded: then when it is. */
  #inTurn<T>(call: () => T | Promise<T>): T | Promise<T> {
    const result = this.#tail === undefined ? call() : this.#tail.then(call);
    if (!(result instanceof Promise)) return result;
    const tail = result.then(
      () => undefined,
      () => undefined,
    );
    this.#tail = tail;
    void tail.then(() => {
      if (this.#tail === tail) this.#tail = undefined;
    });
    return result;
  }
}

function spacesOf(rules: { observation: Space; action: Space; infoSpace?: Space; info?: unknown }): EnvSpaces {
  const { observation, action, infoSpace } = rules;
  return infoSpace !== undefined && rules.info !== undefined
    ? { observation, action, info: infoSpace }
    : { observation, action };
}
