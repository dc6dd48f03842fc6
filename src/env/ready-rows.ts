/** First-ready stepping: rows go out together and come back one by one, as soon as each is done. */
import { takeRows } from "../../protocol/batch.ts";
import type { Frame } from "../../protocol/frames.ts";
import type { NumericArray } from "../../protocol/spaces.ts";
import type { Runner, RunnerStep } from "./runner.ts";

export interface ReadyStep extends RunnerStep {
  /** Called for each frame; it holds one row of an async env, all rows of a synchronous one. Its arrays may alias the runner's buffers. */
  readonly deliver: (frame: Frame) => void;
  /** Called when a frame could not be made at all (the recording failed, the env was closed). */
  readonly fail: (error: unknown) => void;
}

export class ReadyRows {
  readonly #runner: Runner;

  constructor(runner: Runner) {
    this.#runner = runner;
  }

  /** Starts a step in every row of `index` (absent: all) and returns. The promise settles when all of them are delivered. @throws {GymError} ROW_BUSY, BAD_ACTION; then nothing was started */
  send(actions: unknown, { deliver, fail, index, ...rest }: ReadyStep): void | Promise<void> {
    const runner = this.#runner;
    const { async: late, action } = runner.env.rules;
    if (!late) return settle(runner.step(actions, { ...rest, ...(index && { index }) }), deliver, fail);
    const rows = Array.from(runner.checkStep(actions, index));
    const started = rows.map((row, place) => {
      const own = takeRows(action, actions as never, [place]);
      const extras = rest.extras && rowOf(rest.extras, place, rows.length);
      const step = { ...rest, index: Uint32Array.of(row), ...(extras && { extras }) };
      return attempt(() => runner.step(own, step)).then(deliver, fail);
    });
    return Promise.all(started).then(() => undefined);
  }
}

/** Whatever is thrown, a row that began comes to an end. */
async function attempt(step: () => Frame | Promise<Frame>): Promise<Frame> {
  return await step();
}

function settle(
  frame: Frame | Promise<Frame>,
  deliver: (frame: Frame) => void,
  fail: (error: unknown) => void,
): void | Promise<void> {
  return frame instanceof Promise ? frame.then(deliver, fail) : deliver(frame);
}

/** The extras of one row: k elements of each column. */
function rowOf(
  extras: Readonly<Record<string, NumericArray>>,
  place: number,
  rows: number,
): Record<string, NumericArray> {
  return Object.fromEntries(
    Object.entries(extras).map(([name, column]) => {
      const each = column.length / rows;
      return [name, column.slice(place * each, (place + 1) * each)];
    }),
  );
}
