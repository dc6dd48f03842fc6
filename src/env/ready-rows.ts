/** First-ready stepping: rows go out together and come back one by one, as soon as each is done. */
import { takeRows } from "../../protocol/batch.ts";
import { checkBatch } from "../../protocol/check-batch.ts";
import { GymError } from "../../protocol/errors.ts";
import type { Frame } from "../../protocol/frames.ts";
import type { NumericArray } from "../../protocol/spaces.ts";
import { checkRows } from "./row-sets.ts";
import type { Runner, RunnerStep } from "./runner.ts";

export interface ReadyStep extends RunnerStep {
  /** Called for each frame; it holds one row of an async env, all rows of a synchronous one. Its arrays may alias the runner's buffers. */
  readonly deliver: (frame: Frame) => void;
  /** Called when a frame could not be made at all (the recording failed, the env was closed). */
  readonly fail: (error: unknown) => void;
}

export class ReadyRows {
  readonly #runner: Runner;
  readonly #busy: Uint8Array;

  constructor(runner: Runner) {
    this.#runner = runner;
    this.#busy = new Uint8Array(runner.num);
  }

  /** Starts a step in every row of `index` (absent: all) and returns. The promise settles when all of them are delivered. @throws {GymError} ROW_BUSY, BAD_ACTION; then nothing was started */
  send(actions: unknown, { deliver, fail, index, ...rest }: ReadyStep): void | Promise<void> {
    const runner = this.#runner;
    const { async: late, action } = runner.env.rules;
    if (!late) return settle(runner.step(actions, { ...rest, ...(index && { index }) }), deliver, fail);
    const rows = index === undefined ? Array.from({ length: runner.num }, (_, row) => row) : Array.from(index);
    checkBatch(action, actions, checkRows(runner.env.id, rows, runner.num).length, `${runner.env.id}: actions`);
    for (const row of rows) if (this.#busy[row] === 1) throw busy(runner.env.id, row);
    const started = rows.map((row, place) => {
      this.#busy[row] = 1;
      const done = (frame: Frame): void => {
        this.#busy[row] = 0;
        deliver(frame);
      };
      const failed = (error: unknown): void => {
        this.#busy[row] = 0;
        fail(error);
      };
      const own = takeRows(action, actions as never, [place]);
      const extras = rest.extras && rowOf(rest.extras, place, rows.length);
      const step = { ...rest, index: Uint32Array.of(row), ...(extras && { extras }) };
      return attempt(() => runner.step(own, step)).then(done, failed);
    });
    return Promise.all(started).then(() => undefined);
  }
}

/** A reset under way makes the runner refuse a row: that row alone fails. */
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

const busy = (id: string, row: number): GymError =>
  new GymError("ROW_BUSY", `${id}: instance ${row} has a step under way`, { hint: "Wait for its delivery." });

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
