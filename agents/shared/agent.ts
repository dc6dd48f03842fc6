/** What an agent is, and the one function that makes one: hyperparameters with ranges, spaces it fits, act, learn, checkpoint. */
import type { EnvSpaces } from "dojang/client";
import { resolveParams, type ParamsOf, type ParamsSchema, type Rng } from "dojang/env";
import { GymError, type JsonValue, type Space } from "dojang/protocol";
import { tap, type OperatorFunction } from "rxjs";
import type { Act } from "../streams/rollout.ts";
import type { Transitions } from "../streams/transitions.ts";
import type { Shared } from "./a3c-shared.ts";
import { describeSpace } from "./describe-space.ts";
import type { Fit } from "./fit.ts";
import { fieldsOf, loadAll, saveAll, type Plain, type Saveable } from "./plain.ts";
import { drawSeed, rngFor } from "./rng.ts";
import type { Ramp } from "./schedule.ts";

/** Numbers that a learner reports, by name. */
export type Metrics = Readonly<Record<string, number>>;

/** An agent at work on one env: its parameters and all it has learnt. */
export interface Learner extends Saveable {
  readonly id: string;
  /** every hyperparameter, defaults filled in */
  readonly config: Readonly<Record<string, JsonValue>>;
  /** columns of `extras` that `learn` cannot do without */
  readonly needs: readonly string[];
  readonly seed: number;
  /** chooses actions while learning: explores */
  readonly act: Act;
  /** chooses actions for evaluation: draws nothing from the streams that learning uses */
  readonly policy: Act;
  /** from transitions to metrics */
  readonly learn: OperatorFunction<Transitions, Metrics>;
  /** Present in agents that several processes can train together; `train` then starts actors. */
  readonly shared?: Shared;
  /** Asked before a run begins. @throws {GymError} BAD_PARAM where this agent cannot be trained by its own play with so many instances */
  checkRun?(run: { readonly num: number }): void;
  /**
   * Keeps parameters of nets as they are from now on: those whose names match a pattern ("torso.*"; a name alone stands for all that begins with it
   * and a dot, too). Absent where there is no net.
   * @returns the names @throws {GymError} BAD_PARAM for a pattern that matches none
   */
  freeze?(patterns: readonly string[]): readonly string[];
}

/** A part of a learner that can be kept from learning: a net. */
export interface Freezable {
  /** names of all parameters */
  readonly names: readonly string[];
  /** No step changes these from now on. */
  freeze(names: readonly string[]): void;
}

/** Env steps learnt from so far: what schedules go by. */
export interface Clock {
  readonly steps: number;
}

/** What `build` gets beside hyperparameters and spaces. */
export interface Tools {
  readonly id: string;
  readonly clock: Clock;
  /** The random stream for a purpose; kept in checkpoints. Ask once for each purpose. */
  rng(purpose: string): Rng;
}

export interface AgentParts {
  readonly act: Act;
  readonly policy: Act;
  readonly learn: OperatorFunction<Transitions, Metrics>;
  readonly shared?: Shared;
  /** As of `Learner`. */
  checkRun?(run: { readonly num: number }): void;
  /** Everything that learning changes, beside the random streams and the clock. */
  readonly checkpoint?: Readonly<Record<string, Saveable>>;
}

export interface AgentSpec<P extends ParamsSchema, O extends Space, A extends Space> {
  readonly id: string;
  /** One sentence, with the paper. */
  readonly summary: string;
  readonly spaces: { readonly observation: Fit<O>; readonly action: Fit<A> };
  /** Hyperparameters with their ranges. */
  readonly config: P;
  /** Columns of `extras` that `learn` needs. */
  readonly needs?: readonly string[];
  build(config: ParamsOf<P>, spaces: { readonly observation: O; readonly action: A }, tools: Tools): AgentParts;
}

/** Values for some of the hyperparameters. */
export type Given<T> = { readonly [K in keyof T]?: T[K] extends object ? Given<T[K]> | Constant<T[K]> : T[K] };
/** A ramp that stays where it is may be given as a number. */
type Constant<T> = T extends Ramp ? number : never;

export interface LearnerOptions {
  /** integer 0..2^53-1; absent: drawn, and told by `seed` */
  readonly seed?: number;
}

/** An agent whose hyperparameters are not known to the type checker: what registries hold. */
export interface AnyAgent {
  readonly id: string;
  readonly summary: string;
  readonly schema: ParamsSchema;
  readonly needs: readonly string[];
  readonly spaces: { readonly observation: Fit; readonly action: Fit };
  /** @throws {GymError} BAD_PARAM when the spaces do not fit, or a hyperparameter is unknown or out of range */
  create(spaces: EnvSpaces, config?: unknown, options?: LearnerOptions): Learner;
}

export interface Agent<P extends ParamsSchema = ParamsSchema> extends AnyAgent {
  /** `create` with checked types. */
  (spaces: EnvSpaces, config?: Given<ParamsOf<P>>, options?: LearnerOptions): Learner;
  readonly schema: P;
}

export function defineAgent<P extends ParamsSchema, O extends Space, A extends Space>(
  spec: AgentSpec<P, O, A>,
): Agent<P> {
  const { id, summary, config: schema, needs = [], spaces } = spec;
  const create = (given: EnvSpaces, config?: unknown, options?: LearnerOptions): Learner =>
    start(spec, given, config, options);
  return Object.assign(create.bind(undefined), { id, summary, schema, needs, spaces, create });
}

function start<P extends ParamsSchema, O extends Space, A extends Space>(
  spec: AgentSpec<P, O, A>,
  spaces: EnvSpaces,
  given: unknown,
  { seed = drawSeed() }: LearnerOptions = {},
): Learner {
  const { id, needs = [] } = spec;
  const observation = fit(id, "observation", spec.spaces.observation, spaces.observation);
  const action = fit(id, "action", spec.spaces.action, spaces.action);
  const config = resolveParams({ id, params: spec.config }, given, { operator: true });
  const clock = new StepClock();
  const streams = new Streams(seed);
  const tools = { id, clock, rng: (purpose: string) => streams.open(purpose) };
  // resolveParams checked the values against the same schema that gives ParamsOf its type.
  const built = spec.build(config as ParamsOf<P>, { observation, action }, tools);
  const { act, policy, learn, shared, checkRun, checkpoint = {} } = built;
  const parts = { ...checkpoint, clock, streams };
  const nets = Object.values(checkpoint).filter(isFreezable);
  const meet = (batch: Transitions): void => {
    checkNeeds(id, needs, batch);
    clock.add(batch.length);
  };
  return {
    ...{ id, config, needs, seed, act, policy },
    learn: (source) => source.pipe(tap(meet), learn),
    save: () => saveAll(parts),
    load: (state) => loadAll(parts, state),
    ...(shared && { shared }),
    ...(checkRun && { checkRun }),
    ...(nets.length > 0 && { freeze: (patterns: readonly string[]) => freezeNets(id, nets, patterns) }),
  };
}

const isFreezable = (part: Saveable): part is Saveable & Freezable =>
  typeof (part as Partial<Freezable>).freeze === "function";

function freezeNets(id: string, nets: readonly Freezable[], patterns: readonly string[]): readonly string[] {
  const names = [...new Set(nets.flatMap((net) => net.names))];
  const frozen = patterns.flatMap((pattern) => {
    const found = names.filter((name) => matches(pattern, name));
    if (found.length > 0) return found;
    throw new GymError("BAD_PARAM", `${id}: freeze`, {
      expected: `a pattern of ${names.join(", ")}`,
      received: pattern,
    });
  });
  if (names.every((name) => frozen.includes(name)))
    throw new GymError("BAD_PARAM", `${id}: freeze`, { expected: "patterns that leave a parameter to learn", received: patterns }); // prettier-ignore
  for (const net of nets) net.freeze(frozen);
  return [...new Set(frozen)];
}

function matches(pattern: string, name: string): boolean {
  const escaped = pattern.split("*").map((text) => text.replace(/[^\w-]/g, "\\$&"));
  const source = escaped.join(".*");
  return new RegExp(`^${source}(\\..*)?$`).test(name);
}

function fit<S extends Space>(id: string, name: string, wanted: Fit<S>, space: Space): S {
  if (wanted.fits(space)) return space;
  throw new GymError("BAD_PARAM", `${id}: ${name} space of the env`, {
    expected: wanted.says,
    received: describeSpace(space),
    hint: "Choose another agent or another env.",
  });
}

/** @throws {GymError} BAD_RECORDING for recordings, else BAD_PARAM, where a column is missing that `learn` cannot do without */
export function checkNeeds(id: string, needs: readonly string[], batch: Transitions): void {
  for (const name of needs) {
    if (Object.hasOwn(batch.extras, name)) continue;
    throw new GymError(batch.source === "recording" ? "BAD_RECORDING" : "BAD_PARAM", `${id}: extras`, {
      expected: `a column "${name}"`,
      received: Object.keys(batch.extras),
      hint: "Learn from transitions whose actions this agent chose.",
    });
  }
}

class StepClock implements Saveable {
  steps = 0;
  add(steps: number): void {
    this.steps += steps;
  }
  save(): Plain {
    return this.steps;
  }
  load(state: Plain): void {
    this.steps = state as number;
  }
}

/** The random streams of one learner, by purpose. */
class Streams implements Saveable {
  readonly #seed: number;
  readonly #open = new Map<string, Rng>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  open(purpose: string): Rng {
    const rng = this.#open.get(purpose) ?? rngFor(this.#seed, purpose);
    this.#open.set(purpose, rng);
    return rng;
  }

  save(): Plain {
    return Object.fromEntries([...this.#open].map(([purpose, rng]) => [purpose, [...rng.state]]));
  }

  load(state: Plain): void {
    for (const [purpose, saved] of Object.entries(fieldsOf(state)))
      this.open(purpose).restore(saved as unknown as Rng["state"]);
  }
}
