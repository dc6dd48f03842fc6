/** What a failure becomes for others: an error that names env, instance, episode and step, and a capsule that runs it again. */
import { GymError } from "../../protocol/errors.ts";
import type { Capsule, RowError } from "../../protocol/frames.ts";
import type { ActionLog } from "./action-log.ts";
import type { BuiltEnv } from "./built-env.ts";
import type { Instances } from "./instances.ts";
import { asFault } from "./thrown.ts";

/** Told of every failure of a plugin, with the whole message: for the operator's log. One object may listen to many batches. */
export interface OnFault {
  onFault(env: BuiltEnv, error: GymError, row: number): void;
}

interface FaultOptions {
  readonly onFault?: OnFault | undefined;
  /** Number of instance 0 in the whole batch. */
  readonly firstRow: number;
}

export class Faults {
  readonly #env: BuiltEnv;
  readonly #instances: Instances;
  readonly #log: ActionLog;
  readonly #onFault: OnFault | undefined;
  readonly #firstRow: number;

  constructor(env: BuiltEnv, instances: Instances, log: ActionLog, options: FaultOptions) {
    this.#env = env;
    this.#instances = instances;
    this.#log = log;
    this.#onFault = options.onFault;
    this.#firstRow = options.firstRow;
  }

  /** The plugin failed in instance `row`, which is row `place` of the frame. `underWay`: actions noted but not yet counted. */
  ofPlugin(row: number, place: number, thrown: GymError, underWay: 0 | 1, retryable: boolean): RowError {
    const { message, code } = this.describe(row, thrown);
    const capsule = this.#capsule(row, message, underWay);
    return { index: place, code, message, retryable, capsule };
  }

  /** A reset failed. What may succeed later did not begin the episode, so there is none to run again. */
  ofReset(row: number, place: number, thrown: GymError): RowError {
    if (!thrown.retryable) return this.ofPlugin(row, place, thrown, 0, false);
    const { message, code } = this.describe(row, thrown);
    return { index: place, code, message, retryable: true };
  }

  /** What the plugin threw, with the place it happened at. Where the state holds an answer so may the message, and only its code is told. */
  describe(row: number, thrown: GymError): GymError {
    const { episode, steps } = this.#instances;
    const where = `${this.#env.id}: instance ${this.#firstRow + row}, episode ${episode[row] as number}, step ${steps[row] as number}`;
    const full = new GymError(thrown.code, `${where}: ${thrown.message}`, {}, thrown.cause ?? thrown);
    this.#onFault?.onFault(this.#env, full, row);
    if (!this.#env.secret) return full;
    return new GymError(thrown.code, `${where}: ${thrown.code}`, {
      hint: "The env holds answers, so only its operator is told more.",
    });
  }

  /** The request was wrong for instance `row`: nothing happened to it. */
  ofRequest(row: number, place: number, code: "BAD_ACTION" | "RESET_NEEDED", says: string): RowError {
    return {
      index: place,
      code,
      message: `${this.#env.id}: instance ${this.#firstRow + row}: ${says}`,
      retryable: false,
    };
  }

  #capsule(row: number, error: string, underWay: 0 | 1): Capsule {
    const instances = this.#instances;
    const { id, version, params, publicParams = params } = this.#env;
    const step = instances.steps[row] as number;
    const options = instances.options[row];
    const { actions, count, cut } = this.#log.read(row, step + underWay);
    return {
      env: id,
      version,
      params: publicParams,
      instance: this.#firstRow + row,
      episode: instances.episode[row] as number,
      step,
      seed: instances.seeds[row] as number,
      ...(options !== undefined && { options }),
      actions,
      count,
      ...(cut && { cut }),
      error,
    };
  }
}

/** Whatever `observe`, `info` or `legal` throws is a fault, and not retryable. */
export const showFault = (error: unknown): GymError => {
  const known = asFault(error, "ENV_FAULT", "observe");
  return known.retryable ? asFault(new Error(known.message), "ENV_FAULT", "observe") : known;
};
