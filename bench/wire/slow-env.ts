/** An env whose step takes a second of waiting and next to no work, as one that asks a model or a sandbox does. For benches only. */
import { setTimeout as delay } from "node:timers/promises";
import { defineEnv, discrete, int, rules } from "dojang/env";

export const slowEnv = defineEnv({
  id: "bench/Slow-v0",
  params: { ms: int(1_000, { min: 0, max: 60_000 }) },
  build: ({ ms }) =>
    rules({
      async: true,
      action: discrete(2),
      observation: discrete(1_000_000),
      reset: () => 0,
      async step(count: number) {
        await delay(ms);
        return { state: count + 1, reward: 1, terminated: false };
      },
      observe: (count) => count,
    }),
});
