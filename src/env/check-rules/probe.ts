/** Rules that look at every state and every step of one long random play. */
import type { AnyRules } from "../rules.ts";

/** What rules show of a state, and whether asking left a trace. */
export interface Shown {
  readonly observation: unknown;
  /** What `observe` itself returned. */
  readonly returned: unknown;
  readonly mask: readonly unknown[] | undefined;
  readonly info: unknown;
  readonly picture: unknown;
  /** What asking changed, if anything. */
  readonly impurity: string | undefined;
}

/** A state after a reset or a step. */
export interface Moment {
  readonly rules: AnyRules;
  readonly secret: boolean;
  /** `seed 1, reset` or `seed 1, step 3` */
  readonly where: string;
  readonly state: unknown;
  readonly shown: Shown;
  /** True when the episode is over. */
  readonly over: boolean;
  /** Actions of this episode so far. */
  readonly actions: readonly unknown[];
  /** What this episode observed before, where the env is secret; empty elsewhere. */
  readonly observed: readonly unknown[];
  /** Did `reset` or `step` return a promise? */
  readonly promised: boolean;
}

/** A step. */
export interface Move {
  readonly rules: AnyRules;
  readonly where: string;
  /** A copy of the state before the step; undefined when it could not be copied. */
  readonly before: unknown;
  /** The very object that was stepped, as it is now. */
  readonly stepped: unknown;
  readonly action: unknown;
  /** A copy of the action before the step. */
  readonly actionBefore: unknown;
  /** What `step` returned: of unknown form until `stepGivesATransition` has seen it. */
  readonly result: unknown;
}

export interface Probe {
  readonly name: string;
  readonly needs?: readonly string[];
  /** @throws {Broken} */
  atState?(moment: Moment): void;
  /** @throws {Broken} */
  atStep?(move: Move): void;
}
