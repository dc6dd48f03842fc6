/** Steps a part of a batch in the thread that it is in, and tells what comes of it as one answer. */
import { asGymError, type GymError } from "../../../protocol/errors.ts";
import type { Frame } from "../../../protocol/frames.ts";
import type { BuiltEnv } from "../built-env.ts";
import type { StepRecord } from "../observer.ts";
import type { RunnerOptions } from "../runner-options.ts";
import { BatchRunner } from "../runner.ts";
import type { Answer, Call, ToldError } from "./protocol.ts";

export class Part {
  readonly #runner: BatchRunner;
  #record: StepRecord | undefined;
  #faults: (ToldError & { row: number })[] = [];

  constructor(env: BuiltEnv, options: RunnerOptions) {
    this.#runner = new BatchRunner(env, {
      ...options,
      observer: {
        onFrame: (record) => void (this.#record = record),
        close: () => Promise.resolve(),
      },
      onFault: { onFault: (_, error, row) => void this.#faults.push({ ...told(error), row }) },
    });
  }

  /** The frame of a step aliases this part's buffers; of a call too. */
  step(actions: unknown, index: Uint32Array | undefined): Answer {
    return this.#answer(() => ({ frame: this.#runner.step(actions, { index }) as Frame })); // synchronous rules give it at once
  }

  call(call: Call): Answer {
    const gives = call.name === "reset" || call.name === "restore" || call.name === "unpark" ? "frame" : "value";
    return this.#answer(() => ({ [gives]: this.#do(call) }));
  }

  #do(call: Call): unknown {
    const runner = this.#runner;
    switch (call.name) {
      case "reset":
        return runner.reset(call.given);
      case "restore":
        return runner.restore(call.given.snapshots, call.given.rows);
      case "unpark":
        return runner.unpark(call.given);
      case "render":
        return runner.render(call.given);
      case "snapshot":
        return runner.snapshot(call.given);
      case "park":
        return runner.park();
    }
  }

  /** What a recorder wants to know of the frame that the runner just gave. */
  #beside(): Pick<StepRecord, "options" | "restored"> {
    return this.#record ?? {};
  }

  #answer(request: () => Answer): Answer {
    this.#record = undefined;
    let answer: Answer;
    try {
      answer = request();
    } catch (error) {
      answer = { error: told(asGymError(error, "ENV_FAULT")) };
    }
    const { options, restored } = this.#beside();
    return {
      ...answer,
      ...(this.#faults.length > 0 && { faults: this.#faults.splice(0) }),
      ...(options?.some((value) => value !== undefined) && { options }),
      ...(restored && { restored }),
    };
  }
}

const told = ({ code, message }: GymError): ToldError => ({ code, message });
