/** An env in this process, behind the same interface as a remote one. */
import type { Frame } from "../../../protocol/frames.ts";
import { GymError } from "../../../protocol/errors.ts";
import type { Space } from "../../../protocol/spaces.ts";
import { maskWidth } from "../../env/built-env.ts";
import { cloneFrame } from "../../env/clone-frame.ts";
import type { BatchRunner } from "../../env/runner.ts";
import type { Made } from "../../registry/make.ts";
import type { Env, EnvSpaces, Picture, ResetOptions, StepOptions } from "../env.ts";

export class LocalEnv implements Env {
  readonly spaces: EnvSpaces;
  readonly maskWidth: number;
  readonly #runner: BatchRunner;
  readonly #made: Made;
  readonly #onClose: (env: LocalEnv) => void;
  #seq = 0;
  #closed = false;

  constructor(made: Made, onClose: (env: LocalEnv) => void) {
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
    return this.#own(await this.#open().reset(options));
  }

  async step(actions: unknown, options: StepOptions = {}): Promise<Frame> {
    const seq = this.#seq + 1;
    const frame = await this.#open().step(actions, { ...options, seq });
    this.#seq = seq;
    return this.#own(frame);
  }

  async render(index?: readonly number[]): Promise<Picture[]> {
    return Promise.resolve(this.#open().render(index));
  }

  async snapshot(index?: readonly number[]): Promise<Uint8Array[]> {
    return Promise.resolve(this.#open().snapshot(index));
  }

  async restore(snapshots: readonly Uint8Array[], index?: readonly number[]): Promise<Frame> {
    return this.#own(await this.#open().restore(snapshots, index));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose(this);
    await this.#made.observer?.close();
  }

  #open(): BatchRunner {
    if (!this.#closed) return this.#runner;
    throw new GymError("UNKNOWN_HANDLE", this.id, { expected: "an open env", hint: "It was closed; make it again." });
  }

  /** Frames of synchronous envs alias the runner's buffers: the caller gets a copy to keep. */
  #own(frame: Frame): Frame {
    const { rules } = this.#runner.env;
    return rules.async ? frame : cloneFrame(frame, rules.observation, rules.infoSpace);
  }
}

function spacesOf(rules: { observation: Space; action: Space; infoSpace?: Space; info?: unknown }): EnvSpaces {
  const { observation, action, infoSpace } = rules;
  return infoSpace !== undefined && rules.info !== undefined
    ? { observation, action, info: infoSpace }
    : { observation, action };
}
