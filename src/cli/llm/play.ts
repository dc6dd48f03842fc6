/** Plays all episodes that are not answered yet, some at once; says which failed, and stops when nothing works any more. */
import { GymError } from "../../../protocol/errors.ts";
import type { Endpoint } from "./endpoint.ts";
import { playEpisode, type Episode, type Place, type Playing } from "./episode.ts";
import { endOfRun, Failure } from "./failure.ts";
import type { Patience } from "./patience.ts";
import { RowFault } from "./rows.ts";

export interface PlayOptions extends Omit<Playing, "patience"> {
  readonly patience: Omit<Patience, "isWorthwhile" | "signal">;
  /** What is left to play, in order. */
  readonly places: readonly Place[];
  /** Episodes at once; the env has as many rows. */
  readonly concurrency: number;
  /** Has the endpoint ever answered, in this run or before? */
  readonly answered: boolean;
  /** Names the endpoint in errors. */
  readonly where: { readonly baseUrl: string; readonly model: string };
  readonly signal: AbortSignal;
  readonly onEpisode: (episode: Episode) => void;
  readonly onFault: (place: Place, message: string) => void;
  /** Told the first problem that the env's table does not have: it ends there. */
  readonly onEnd: (problem: number) => void;
}

/** Faults one after the other, in multiples of what is played at once, after which all is given up: replies to a broken env cost, too. */
const GIVE_UP = 3;

/** @throws {GymError} UNAUTHORIZED, BAD_PARAM, CONNECTION_LOST when no request can succeed; ENV_FAULT when no episode does; what concerns the whole env; CANCELLED */
export async function play(options: PlayOptions): Promise<void> {
  const over = new AbortController();
  const playing = new Players(options, AbortSignal.any([options.signal, over.signal]));
  const ends = await Promise.allSettled(
    Array.from({ length: options.concurrency }, (_, row) =>
      playing.all(row).catch((error: unknown) => {
        over.abort();
        throw error;
      }),
    ),
  );
  const reasons = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
  // Those that were only stopped by another's failure say nothing.
  const cause = reasons.find((reason) => !(reason instanceof GymError && reason.code === "CANCELLED")) ?? reasons[0];
  if (cause !== undefined) throw cause as Error;
  if (options.signal.aborted) throw new GymError("CANCELLED", "eval llm: stopped");
}

/** What those who play at once share. */
class Players {
  readonly #options: PlayOptions;
  readonly #playing: Playing;
  readonly #signal: AbortSignal;
  #answered: boolean;
  #inRow = 0;
  /** How many places were handed out. */
  #next = 0;
  /** The first problem that the env's table does not have. */
  #end = Infinity;

  constructor(options: PlayOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    this.#answered = options.answered;
    const isWorthwhile = ({ unreachable }: Failure): boolean => this.#answered || !unreachable;
    this.#playing = { ...options, endpoint: this.#noting(options.endpoint), patience: { ...options.patience, isWorthwhile, signal } }; // prettier-ignore
  }

  /** The endpoint, from whose first answer on a rejected request says nothing about the others. */
  #noting(endpoint: Endpoint): Endpoint {
    return {
      ask: async (...asked) => {
        const reply = await endpoint.ask(...asked);
        this.#answered = true;
        return reply;
      },
    };
  }

  /** Plays one episode after the other in a row of the env. */
  async all(row: number): Promise<void> {
    while (!this.#signal.aborted) {
      const place = this.#options.places[this.#next++];
      if (place === undefined || place.problem >= this.#end) return;
      try {
        this.#options.onEpisode(await playEpisode(this.#playing, row, place));
        this.#inRow = 0;
      } catch (error) {
        this.#failed(place, error);
      }
    }
  }

  /** @throws what ends the run */
  #failed(place: Place, error: unknown): void {
    if (error instanceof RowFault && isBeyondTable(error) && place.problem > 0) {
      if (place.problem < this.#end) this.#options.onEnd(place.problem);
      this.#end = Math.min(this.#end, place.problem);
      return;
    }
    if (error instanceof RowFault && isBeyondTable(error)) throw error.cause as GymError;
    if (!(error instanceof Failure || error instanceof RowFault)) throw error;
    const { where, concurrency, onFault } = this.#options;
    // What is wrong with the first of all requests is wrong with all of them.
    const isHopeless = (failure: Failure): boolean => failure.remedy === "fault" || failure.unreachable;
    if (error instanceof Failure && (error.remedy === "stop" || (!this.#answered && isHopeless(error)))) throw endOfRun(error, where); // prettier-ignore
    onFault(place, error.message);
    if (++this.#inRow < GIVE_UP * concurrency) return;
    throw error instanceof Failure ? endOfRun(error, where) : new GymError("ENV_FAULT", `${this.#inRow} episodes in a row failed, the last with: ${error.message}`); // prettier-ignore
  }
}

/** Resets are asked for an item, and it is not there. */
const isBeyondTable = ({ cause }: RowFault): boolean => cause instanceof GymError && cause.code === "BAD_OPTIONS";
