/** Makes one frame of the answers of all parts of a batch, and tells a recorder and the operator's log of it. */
import type { Frame } from "../../../protocol/frames.ts";
import type { BuiltEnv } from "../built-env.ts";
import type { OnFault } from "../faults.ts";
import type { FrameObserver, StepRecord } from "../observer.ts";
import type { RunnerStep } from "../runner-options.ts";
import { DenseColumns, mergeFrames } from "./merge-frames.ts";
import type { Asked } from "./own-part.ts";
import type { Answer } from "./protocol.ts";
import { rebuilt } from "./shard.ts";

/** What a frame is about, beside its rows. */
export interface Context {
  readonly seq: number;
  readonly index: Uint32Array | undefined;
  /** The rows are those that had begun when they were parked: each part tells its own. */
  readonly unparked?: boolean;
  readonly actions?: unknown;
  readonly extras?: RunnerStep["extras"] | undefined;
  /** Columns that hold the first part. */
  readonly begun?: DenseColumns | undefined;
}

export class Gathering {
  readonly #env: BuiltEnv;
  readonly #observer: FrameObserver | undefined;
  readonly #onFault: OnFault | undefined;

  constructor(env: BuiltEnv, observer: FrameObserver | undefined, onFault: OnFault | undefined) {
    this.#env = env;
    this.#observer = observer;
    this.#onFault = onFault;
  }

  /** Begins a frame of `rows` rows with what the first part answered, while the others are still at work. */
  begin(first: Asked, rows: number): DenseColumns | undefined {
    const { frame } = first.take();
    if (frame === undefined) return undefined;
    const columns = new DenseColumns(this.#env.rules, rows);
    columns.put(frame, 0);
    return columns;
  }

  /** @param parts whose answers are there. @throws {GymError} what a part told */
  frame(parts: readonly Asked[], context: Context, began: number): Frame | Promise<Frame> {
    const answers = parts.map((part) => part.take());
    for (const { faults = [] } of answers)
      for (const fault of faults) this.#onFault?.onFault(this.#env, rebuilt(fault), fault.row);
    for (const { error } of answers) if (error !== undefined) throw rebuilt(error);
    const frames = answers.map(({ frame }) => frame as Frame); // what was asked for gives one
    const index = context.unparked ? indexOf(parts, frames) : context.index;
    const env = Math.round((performance.now() - began) * 1000);
    const timing = { queue: 0, env, encode: 0 };
    const { seq, begun } = context;
    const frame = mergeFrames(this.#env.rules, frames, { seq, index, timing }, begun);
    return this.#observed(frame, recordOf(frame, parts, answers, context));
  }

  #observed(frame: Frame, record: StepRecord): Frame | Promise<Frame> {
    const wait = this.#observer?.onFrame(record);
    return wait instanceof Promise ? wait.then(() => frame) : frame;
  }
}

/** The instances of all parts. */
function indexOf(parts: readonly Asked[], frames: readonly Frame[]): Uint32Array {
  return Uint32Array.from(frames.flatMap(({ index = [] }, i) => Array.from(index, (row) => parts[i]!.firstRow + row)));
}

function recordOf(frame: Frame, parts: readonly Asked[], answers: readonly Answer[], context: Context): StepRecord {
  const { actions, extras } = context;
  const options = frame.seeds && answers.flatMap((answer) => optionsOf(answer));
  const restored = restoredOf(parts, answers);
  return {
    frame,
    ...(actions !== undefined && { actions }),
    ...(extras && { extras }),
    ...(options && { options }),
    ...(restored && { restored }),
  };
}

/** One for each episode that began in this part. */
const optionsOf = ({ options, frame }: Answer): NonNullable<Answer["options"]> =>
  options ?? new Array<undefined>(frame?.seeds?.index.length ?? 0).fill(undefined);

function restoredOf(parts: readonly Asked[], answers: readonly Answer[]): StepRecord["restored"] {
  const given = answers.map(({ restored }) => restored);
  if (!given.some((restored) => restored !== undefined)) return undefined;
  const of = (name: "episode" | "firstStep" | "seed"): Float64Array =>
    Float64Array.from(given.flatMap((restored) => Array.from(restored?.[name] ?? [])));
  const rows = given.flatMap((restored, i) => Array.from(restored?.index ?? [], (row) => parts[i]!.firstRow + row));
  return { index: Uint32Array.from(rows), episode: of("episode"), firstStep: of("firstStep"), seed: of("seed") };
}
