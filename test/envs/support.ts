/** Plays rules by hand: builds them from a plugin, scripts their draws, measures frequencies. */
import { resolveParams, Rng, type AnyPlugin, type AnyRules, type Transition } from "dojang/env";

/** The rules of a plugin that builds at once. */
export function rulesOf(plugin: AnyPlugin | undefined, params: Readonly<Record<string, unknown>> = {}): AnyRules {
  if (plugin === undefined) throw new Error("no such plugin");
  // The params were checked against the plugin's own schema.
  return plugin.build(resolveParams(plugin, params) as never, { log: () => undefined }) as AnyRules;
}

/** Gives scripted uniforms and integers, and counts the draws. */
export class ScriptedRng extends Rng {
  readonly #values: number[];
  draws = 0;

  constructor(values: readonly number[]) {
    super(0);
    this.#values = [...values];
  }

  override uniform(): number {
    return this.#next();
  }

  override int(): number {
    return this.#next();
  }

  #next(): number {
    this.draws++;
    const value = this.#values.shift();
    if (value === undefined) throw new Error(`draw ${this.draws} is not in the script`);
    return value;
  }
}

/** One step of rules that are not async. */
export function stepOf(rules: AnyRules, state: unknown, action: unknown, rng: Rng): Transition<unknown> {
  return rules.step(state, action, rng, { signal: new AbortController().signal }) as Transition<unknown>;
}

export interface Trace {
  readonly observations: readonly unknown[];
  readonly rewards: readonly number[];
  readonly terminated: boolean;
  readonly state: unknown;
}

/** Plays the actions from `state`; stops where the episode ends. */
export function playActions(rules: AnyRules, state: unknown, actions: readonly number[], rng: Rng = new Rng(0)): Trace {
  const observations: unknown[] = [];
  const rewards: number[] = [];
  for (const action of actions) {
    const transition = stepOf(rules, state, action, rng);
    state = transition.state;
    observations.push(rules.observe(state));
    rewards.push(transition.reward);
    if (transition.terminated) return { observations, rewards, terminated: true, state };
  }
  return { observations, rewards, terminated: false, state };
}

/** Pearson's statistic of counts against expected shares; compare with the 0.999 quantile for shares - 1 degrees of freedom. */
export function chiSquare(counts: readonly number[], shares: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return shares.reduce((sum, share, i) => sum + ((counts[i] ?? 0) - share * total) ** 2 / (share * total), 0);
}
