/** Plays one episode again and compares every step with what was recorded. */
import { getRow } from "../../protocol/batch.ts";
import type { BuiltEnv } from "../env/built-env.ts";
import { ObservationRows } from "../env/observation-rows.ts";
import { BatchHasher, hex } from "./digest.ts";
import type { RecordedEpisode } from "./episodes.ts";
import { resetFor, stepWith } from "./replay.ts";
import { playFault } from "./capsules.ts";

/** The first point where a replay is not what was recorded. */
export interface Divergence {
  readonly instance: number;
  readonly episode: number;
  /** Number of the step within the episode, from 1; 0 is the reset. */
  readonly step: number;
  readonly field: "observation" | "reward" | "terminated" | "truncated" | "fault";
  /** Observations as digests. */
  readonly recorded: string;
  readonly replayed: string;
}

/** Observations hashed at once. */
const ROWS = 256;

type Difference = Pick<Divergence, "step" | "field" | "recorded" | "replayed">;

/** Compares episodes of one env; its buffers serve one episode at a time. */
export class EpisodeVerifier {
  readonly #env: BuiltEnv;
  readonly #rows: ObservationRows;
  readonly #hasher: BatchHasher;
  readonly #digests = new Int32Array(ROWS);
  /** Step of the first row held, and how many are. */
  #from = 0;
  #held = 0;

  constructor(env: BuiltEnv) {
    this.#env = env;
    this.#rows = new ObservationRows(env.rules, ROWS, ROWS);
    this.#hasher = new BatchHasher(env.rules.observation);
  }

  /** The first divergence; undefined where there is none. The episode must be replayable. */
  async verify(episode: RecordedEpisode): Promise<Divergence | undefined> {
    const difference = await this.#play(episode);
    return difference && { instance: episode.instance, episode: episode.episode, ...difference };
  }

  /** Only the reset: for envs whose verdicts depend on the machine. */
  verifyReset({ fault: _, ...episode }: RecordedEpisode): Promise<Divergence | undefined> {
    return this.verify({ ...episode, steps: 0 });
  }

  async #play(episode: RecordedEpisode): Promise<Difference | undefined> {
    this.#from = 0;
    this.#held = 0;
    let difference: Difference | undefined;
    try {
      if (episode.firstDigest !== undefined) difference = await this.#steps(episode);
    } catch (error) {
      const step = this.#from + this.#held;
      difference = { step, field: "fault", recorded: "none", replayed: (error as Error).message };
    }
    // What was seen before the difference may differ earlier still.
    const seen = this.#compare(episode);
    if (seen && (!difference || seen.step <= difference.step)) return seen;
    return difference ?? (episode.fault && (await this.#fault(episode)));
  }

  async #steps(episode: RecordedEpisode): Promise<Difference | undefined> {
    const { steps, rewards, actions, info } = episode;
    const env = this.#env;
    const begun = await resetFor(env, episode);
    let { state } = begun;
    this.#see(episode, state);
    for (let t = 0; t < steps; t++) {
      let result = stepWith(env, state, getRow(info.action, actions as never, t), begun.rng);
      if (result instanceof Promise) result = await result;
      state = result.state;
      const last = t === steps - 1;
      const terminated = last && episode.terminated;
      const truncated = info.maxSteps > 0 && t + 1 >= info.maxSteps;
      const early = this.#see(episode, state);
      if (early) return early;
      if (result.reward !== rewards[t]) return differ(t, "reward", rewards[t], result.reward);
      if (result.terminated !== terminated) return differ(t, "terminated", terminated, result.terminated);
      if (truncated !== (last && episode.truncated)) return differ(t, "truncated", !truncated, truncated);
    }
    return undefined;
  }

  /** Keeps the observation of a state; compares when enough are held. */
  #see(episode: RecordedEpisode, state: unknown): Difference | undefined {
    let difference: Difference | undefined;
    if (this.#held === ROWS) difference = this.#compare(episode);
    if (this.#held === 0) this.#rows.begin(Math.min(ROWS, episode.steps + 1 - this.#from));
    this.#rows.write(this.#held, state);
    this.#held++;
    return difference;
  }

  /** Compares the observations held with the recorded ones, and lets them go. */
  #compare({ firstDigest, obsDigests }: RecordedEpisode): Difference | undefined {
    const [from, held, digests] = [this.#from, this.#held, this.#digests];
    if (held === 0) return undefined;
    this.#hasher.digest(this.#rows.read(held).observations, held, digests);
    this.#from += held;
    this.#held = 0;
    for (let i = 0; i < held; i++) {
      const step = from + i;
      const recorded = step === 0 ? firstDigest : obsDigests[step - 1];
      const replayed = digests[i] as number;
      if (replayed === recorded) continue;
      return { step, field: "observation", recorded: hex(recorded as number), replayed: hex(replayed) };
    }
    return undefined;
  }

  async #fault(episode: RecordedEpisode): Promise<Difference | undefined> {
    const { reproduced, happened } = await playFault(this.#env, episode);
    if (reproduced) return undefined;
    return { step: episode.steps + 1, field: "fault", recorded: episode.fault?.code ?? "", replayed: happened };
  }
}

const differ = (t: number, field: Difference["field"], recorded: unknown, replayed: unknown): Difference => ({
  step: t + 1,
  field,
  recorded: String(recorded),
  replayed: String(replayed),
});

/** One line for people. */
export const explainDivergence = ({ instance, episode, step, field, recorded, replayed }: Divergence): string =>
  `instance ${instance}, episode ${episode}, step ${step}: ${field}: recorded ${recorded}, replayed ${replayed}`;
