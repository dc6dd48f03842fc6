/** n-step transitions (Sutton & Barto, 2018, section 7.1): rewards of n steps summed, the successor n steps on. */
import { GymError, type BatchOf, type Space } from "dojang/protocol";
import { Observable } from "rxjs";
import { fieldsOf, type Plain, type Saveable } from "../shared/plain.ts";
import { columnsOf, type Columned } from "./columns-of.ts";
import { gather, gatherColumn, gatherRows, type Place } from "./gather.ts";
import { goesOn, type Transitions } from "./transitions.ts";

export interface NStepOptions {
  /** steps, >= 1 */
  readonly n: number;
  /** discount a step, in [0, 1] */
  readonly gamma: number;
}

/** Steps of one instance that lack their full window. */
type Window = Place[];

/** The steps of every instance that lack their full window; in a checkpoint, or a resumed run would lose them. */
export class StepWindows implements Saveable {
  readonly #n: number;
  readonly #gamma: number;
  readonly #windows = new Map<number, Window>();
  #saved: readonly Plain[] = [];

  /** @throws {GymError} BAD_PARAM unless `n` is an integer >= 1 */
  constructor({ n, gamma }: NStepOptions) {
    if (!Number.isInteger(n) || n < 1)
      throw new GymError("BAD_PARAM", "nStep: n", { expected: "an integer >= 1", received: n });
    this.#n = n;
    this.#gamma = gamma;
  }

  /** Takes in a batch; gives the rows whose windows are now complete, undefined where there are none. */
  add(batch: Transitions): Transitions | undefined {
    this.#takeUp(batch);
    const ready: Window[] = [];
    for (let row = 0; row < batch.length; row++) ready.push(...this.#advance({ batch, row }));
    return ready.length > 0 ? sum(ready, this.#gamma) : undefined;
  }

  /** What is left, with shorter windows. */
  rest(): Transitions | undefined {
    const ready = [...this.#windows.values()].flatMap(suffixes);
    this.#windows.clear();
    return ready.length > 0 ? sum(ready, this.#gamma) : undefined;
  }

  /** Adds a row to its window; gives the windows that are now complete, each beginning with its step. */
  #advance(place: Place): Window[] {
    const { batch, row } = place;
    const env = batch.env[row] as number;
    const before = this.#windows.get(env) ?? [];
    const lost = batch.first[row] === 1;
    const window = [...(lost ? [] : before), place];
    const ready = lost ? suffixes(before) : [];
    if (!goesOn(batch, row)) {
      this.#windows.set(env, []);
      return [...ready, ...suffixes(window)];
    }
    if (window.length < this.#n) {
      this.#windows.set(env, window);
      return ready;
    }
    this.#windows.set(env, window.slice(1));
    return [...ready, window];
  }

  save(): Plain {
    const open = [...this.#windows.values()].filter((window) => window.length > 0);
    return { windows: [...this.#saved, ...open.map((window) => columnsOf(gather(window)))] };
  }

  load(state: Plain): void {
    this.#windows.clear();
    this.#saved = fieldsOf(state)["windows"] as readonly Plain[];
  }

  /** What was saved is data alone, without parts of rewards; spaces and the rest are those of the stream that goes on. */
  #takeUp({ parts: _parts, ...rest }: Transitions): void {
    for (const saved of this.#saved) {
      const rows: Transitions = { ...rest, ...(saved as unknown as Columned) };
      this.#windows.set(
        rows.env[0] as number,
        Array.from({ length: rows.length }, (_, row) => ({ batch: rows, row })),
      );
    }
    this.#saved = [];
  }
}

/**
 * One row for each step: `reward` = r_t + gamma r_{t+1} + ... over k <= n steps, `next`, `terminated` and `truncated` those of the last
 * of them, and `extras.discount` = gamma^k, the factor of V(next). Windows end early (k < n) where an episode ends, where steps
 * were lost to a fault, and where the stream completes; so no step is dropped and none reaches over an end.
 */
export function nStep(options: NStepOptions): (source: Observable<Transitions>) => Observable<Transitions> {
  const begin = (): StepWindows => new StepWindows(options);
  // Wrong options are refused at once, not at the first subscription.
  begin();
  return (source) =>
    new Observable((subscriber) => {
      const windows = begin();
      const emit = (rows: Transitions | undefined): void => {
        if (rows) subscriber.next(rows);
      };
      return source.subscribe({
        next: (batch) => {
          emit(windows.add(batch));
        },
        error: (error: unknown) => {
          subscriber.error(error);
        },
        complete: () => {
          emit(windows.rest());
          subscriber.complete();
        },
      });
    });
}

const suffixes = (window: Window): Window[] => window.map((_, from) => window.slice(from));

function sum(windows: readonly Window[], gamma: number): Transitions {
  const heads = windows.map((window) => window[0] as Place);
  const tails = windows.map((window) => window.at(-1) as Place);
  const reward = Float64Array.from(windows, (window) => {
    let total = 0;
    for (const { batch, row } of window.toReversed()) total = (batch.reward[row] as number) + gamma * total;
    return total;
  });
  const { spaces, nextMask } = (tails[0] as Place).batch;
  const next = gatherRows(spaces.observation, tails, (batch): BatchOf<Space> => batch.next);
  const whole = gather(heads);
  return {
    ...whole,
    reward,
    next,
    ...(nextMask && { nextMask: gatherColumn(tails, (batch) => batch.nextMask as Uint8Array) }),
    terminated: gatherColumn(tails, (batch) => batch.terminated),
    truncated: gatherColumn(tails, (batch) => batch.truncated),
    extras: { ...whole.extras, discount: Float64Array.from(windows, (window) => gamma ** window.length) },
    settle: (tails.at(-1) as Place).batch.settle,
  };
}
