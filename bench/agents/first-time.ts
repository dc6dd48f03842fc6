/** When the mean of the last 100 returns of a training first reaches a target: read off the env's own frames, so that nothing of the agent is trusted. */
import type { Client, Env } from "dojang/client";
import { STATUS, type Frame } from "dojang/protocol";

const RECENT = 100;

export interface FirstTime {
  /** env steps of all instances */
  readonly steps: number;
  /** wall and CPU seconds since the process began: loading and compiling count */
  readonly seconds: number;
  readonly cpuSeconds: number;
}

export class ReturnsWatch {
  readonly #target: number;
  readonly #recent: number[] = [];
  #sum = 0;
  #steps = 0;
  #first: FirstTime | undefined;
  #best = -Infinity;

  constructor(target: number) {
    this.#target = target;
  }

  /** undefined until 100 episodes have ended and their mean has reached the target */
  get first(): FirstTime | undefined {
    return this.#first;
  }

  /** The highest mean of 100 returns in a row. */
  get best(): number {
    return this.#best;
  }

  /** A client whose envs are watched. */
  watch(client: Client): Client {
    return {
      make: async (id, options) => this.#watched(await client.make(id, options)),
      envs: () => client.envs(),
      close: () => client.close(),
    };
  }

  #watched(env: Env): Env {
    const step: Env["step"] = async (actions, options) => {
      const frame = await env.step(actions, options);
      this.#see(frame);
      return frame;
    };
    return new Proxy(env, {
      get(target, name) {
        if (name === "step") return step;
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  }

  #see({ status, episode }: Frame): void {
    for (const one of status) if (one === STATUS.transition) this.#steps++;
    for (const value of episode?.return ?? []) {
      this.#sum += value;
      if (this.#recent.push(value) > RECENT) this.#sum -= this.#recent.shift() ?? 0;
      if (this.#recent.length < RECENT) continue;
      const mean = this.#sum / RECENT;
      this.#best = Math.max(this.#best, mean);
      if (mean >= this.#target) this.#first ??= { steps: this.#steps, ...sinceStart() };
    }
  }
}

/** Seconds of this process so far. */
export function sinceStart(): { readonly seconds: number; readonly cpuSeconds: number } {
  const { user, system } = process.cpuUsage();
  return { seconds: performance.now() / 1_000, cpuSeconds: (user + system) / 1e6 };
}
