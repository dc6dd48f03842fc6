/** Where the transitions of a run come from: the steps of this process, of actors in others, or recordings. */
import type { Env } from "dojang/client";
import type { Observable } from "rxjs";
import { rollout, type Pauses, type RolloutOptions } from "../streams/rollout.ts";
import type { Transitions } from "../streams/transitions.ts";
import { fromActors, type FromActorsOptions } from "./a3c-source.ts";
import type { Learner } from "./agent.ts";
import { fromRecordings, type RecordedSource } from "./recorded-source.ts";
import { byInstance } from "./resets.ts";
import type { TrainSettings } from "./train-settings.ts";

export interface SourceOptions
  extends Pick<FromActorsOptions, "home" | "onActor">, Partial<Pick<RecordedSource, "build" | "onSkip">> {
  readonly env: Env;
  readonly learner: Learner;
  readonly settings: TrainSettings;
}

/** Where a run stands: env steps done, and in a resumed one that plays here the envs as they were. */
interface Standing extends Pick<RolloutOptions, "from"> {
  readonly done: number;
  readonly pauses: Pauses;
}

/** Ends after `settings.steps` env steps, see `rollout`, `fromActors` and `fromRecordings`. */
export function sourceOf(
  { env, learner, settings, home, onActor, build, onSkip }: SourceOptions,
  { done, pauses, ...from }: Standing,
): Observable<Transitions> {
  const { steps, from: paths } = settings;
  const { shared, act } = learner;
  if (paths !== undefined) return fromRecordings({ paths, env, build, onSkip }, { steps, done, pauses });
  if (shared !== undefined) return fromActors({ env, shared, settings, done, pauses, home, onActor });
  return rollout(env, act, { steps, pauses, ...byInstance(settings.resets), ...from });
}
