/** An async env whose steps wait until a test lets them go. */
import { vi } from "vitest";
import { discrete, rules, type StepContext, type Transition } from "../../src/env/index.ts";

export interface Slow {
  readonly n: number;
  readonly draw: number;
}

/** An env whose every step waits until the test lets it go. */
export class Gate {
  /** The calls that wait, oldest first. */
  readonly waiting: { readonly settle: () => void; readonly fail: (error: unknown) => void; readonly ctx: StepContext }[] = []; // prettier-ignore
  most = 0;
  calls = 0;

  /** Action 9 answers at once; others wait. A step adds its action to n; an odd n ends the episode. */
  readonly rules = rules({
    async: true,
    action: discrete(10),
    observation: discrete(1000),
    reset: async (rng, options): Promise<Slow> => {
      if (options === "wait") await this.#pass({ signal: new AbortController().signal });
      if (options === "fail") throw new Error("no reset");
      return { n: 0, draw: rng.int(1000) };
    },
    step: async (state, action, rng, ctx): Promise<Transition<Slow>> => {
      this.calls++;
      const draw = rng.int(1000);
      if (action !== 9) await this.#pass(ctx);
      const n = state.n + action;
      return { state: { n, draw }, reward: draw, terminated: n % 2 === 1 };
    },
    observe: ({ n }) => n,
  });

  async #pass(ctx: StepContext): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    this.waiting.push({ settle: () => resolve(undefined), fail: reject, ctx });
    this.most = Math.max(this.most, this.waiting.length);
    await promise;
  }

  /** Lets the call that waits longest go, once there is one. */
  async next(): Promise<void> {
    await this.until(1);
    this.waiting.shift()?.settle();
  }

  async until(count: number): Promise<void> {
    await vi.waitUntil(() => this.waiting.length >= count);
  }
}
