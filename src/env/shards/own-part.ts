/** The part of a batch that the asking thread steps itself, behind the same few methods as those of other threads. */
import type { Space } from "../../../protocol/spaces.ts";
import type { BuiltEnv } from "../built-env.ts";
import type { RunnerOptions } from "../runner-options.ts";
import { Part } from "./part.ts";
import type { Answer, Call } from "./protocol.ts";

/** A range of a batch's instances that can be asked for a step or a call, and then for the answer. */
export interface Asked {
  readonly firstRow: number;
  readonly num: number;
  startStep(space: Space, actions: unknown, rows: number, index: Uint32Array | undefined): void;
  startCall(call: Call): void;
  /** Is the answer there within `ms` milliseconds? Blocks. */
  wait(ms: number): boolean;
  /** The same without blocking. */
  later(ms: number): Promise<void>;
  take(): Answer;
}

export class OwnPart implements Asked {
  readonly firstRow = 0;
  readonly num: number;
  readonly #part: Part;
  #answer: Answer = {};

  constructor(env: BuiltEnv, options: RunnerOptions) {
    this.num = options.num;
    this.#part = new Part(env, options);
  }

  startStep(_: Space, actions: unknown, __: number, index: Uint32Array | undefined): void {
    this.#answer = this.#part.step(actions, index);
  }

  startCall(call: Call): void {
    this.#answer = this.#part.call(call);
  }

  wait(): boolean {
    return true;
  }

  later(): Promise<void> {
    return Promise.resolve();
  }

  take(): Answer {
    return this.#answer;
  }
}
