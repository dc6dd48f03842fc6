/** One long random play over a few seeds, at which all probes look. */
import { Rng } from "../rng.ts";
import { asFault } from "../thrown.ts";
import { actionRng, isPromise, randomAction, seedOf, within } from "./play.ts";
import type { Probe } from "./probe.ts";
import { Broken, type Subject } from "./rule.ts";
import { copyOf, showAll } from "./show-all.ts";

/** Seed 0 and the largest seed have a rule of their own. */
const SEEDS = [1, 2, 3];

/** An episode under way. */
interface Run {
  readonly name: string;
  readonly rng: Rng;
  state: unknown;
  readonly actions: unknown[];
  /** Kept for secret envs only: what an agent has seen is no secret to it any more. */
  readonly observed: unknown[];
}

export class Explorer {
  readonly #subject: Subject;
  readonly #probes: readonly Probe[];
  /** The first failure of each probe that failed. */
  readonly failed = new Map<string, Broken>();
  steps = 0;
  /** Episodes that came to an end. */
  episodes = 0;

  constructor(subject: Subject, probes: readonly Probe[]) {
    this.#subject = subject;
    this.#probes = probes;
  }

  /** Plays about `steps` steps in all. @throws {Broken} when the plugin throws */
  async play(steps: number): Promise<void> {
    for (const seed of SEEDS) {
      const actions = actionRng(seed);
      const end = this.steps + Math.ceil(steps / SEEDS.length);
      for (let episode = 0; this.steps < end && !this.#subject.limits.overdue(); episode++) {
        if (!(await this.#episode(seed, episode, end, actions))) break;
      }
    }
  }

  /** False when it cannot go on. */
  async #episode(seed: number, episode: number, end: number, draws: Rng): Promise<boolean> {
    const { rules, limits } = this.#subject;
    const rng = new Rng(seedOf(seed, episode));
    const name = episode === 0 ? `seed ${seed}` : `seed ${seed}, episode ${episode}`;
    const reset = await this.#call(`${name}, reset`, () => rules.reset(rng));
    const run: Run = { name, rng, state: reset.value, actions: [], observed: [] };
    this.#look(run, `${name}, reset`, false, reset.promised);
    for (let step = 1; this.steps < end && !limits.overdue(); step++) {
      this.steps++;
      const over = await this.#step(run, step, draws);
      if (over === undefined) return false;
      if (over) {
        this.episodes++;
        return true;
      }
    }
    return true;
  }

  /** Is the episode over? undefined: what came was no transition. */
  async #step(run: Run, step: number, draws: Rng): Promise<boolean | undefined> {
    const { rules } = this.#subject;
    const where = `${run.name}, step ${step}`;
    const action = randomAction(rules, run.state, draws);
    const actionBefore = structuredClone(action);
    run.actions.push(actionBefore);
    const stepped = run.state;
    const before = copyOf(stepped);
    const { value, promised } = await this.#call(where, (ctx) => rules.step(stepped, action, run.rng, ctx));
    // The type is the plugin's promise; the probes check it.
    const result: unknown = value;
    this.#ask((probe) => probe.atStep?.({ rules, where, before, stepped, action, actionBefore, result }));
    if (typeof result !== "object" || result === null || !("state" in result)) return undefined;
    run.state = value.state;
    const over = value.terminated || step >= (rules.maxSteps ?? Infinity);
    this.#look(run, where, over, promised);
    return over;
  }

  #look(run: Run, where: string, over: boolean, promised: boolean): void {
    const { rules, plugin } = this.#subject;
    const { state, actions, observed, rng } = run;
    const secret = plugin.secret === true;
    try {
      const shown = showAll(rules, state, rng);
      this.#ask((probe) => probe.atState?.({ rules, secret, where, state, shown, over, actions, observed, promised }));
      if (secret) observed.push(shown.observation);
    } catch (error) {
      throw thrown(where, error);
    }
  }

  async #call<T>(where: string, call: Parameters<typeof within<T>>[2]): Promise<{ value: T; promised: boolean }> {
    let promised = false;
    try {
      const value = await within(this.#subject.limits, where, (ctx) => {
        const result = call(ctx);
        promised = isPromise(result);
        return result;
      });
      return { value, promised };
    } catch (error) {
      throw thrown(where, error);
    }
  }

  #ask(look: (probe: Probe) => void): void {
    for (const probe of this.#probes) {
      if (this.failed.has(probe.name)) continue;
      try {
        look(probe);
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        this.failed.set(probe.name, error);
      }
    }
  }
}

/** What a plugin threw, as a broken rule. */
export function thrown(where: string, error: unknown): Broken {
  const { code, message, retryable } = asFault(error, "ENV_FAULT");
  const hint = retryable
    ? "Check again where what it waits for is available."
    : "Fix the throw; `DOJANG_DEBUG=1 dojang check` plays the same seed and prints the stack.";
  return new Broken(`${where}: threw ${code}: ${message}`, hint, error);
}
