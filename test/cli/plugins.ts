/** Plugins that tests write to files, as a user would. */

const IMPORTS = 'import { defineEnv, discrete, int, rules } from "dojang/env";\n';

/** The example of the README: 8 cells, right is 1, -1 a step. */
export const CORRIDOR = `${IMPORTS}
export default defineEnv({
  id: "corridor-v0",
  description: "Walk to the end.",
  params: { length: int(8, { min: 2, max: 1_000, doc: "Cells." }) },
  build: ({ length }) =>
    rules({
      action: discrete(2),
      observation: discrete(length),
      maxSteps: 10 * length,
      reset: () => 0,
      step(cell, action) {
        const state = Math.max(0, cell + (action === 1 ? 1 : -1));
        return { state, reward: -1, terminated: state === length - 1 };
      },
      observe: (cell) => cell,
      render: (cell) => ".".repeat(cell) + "x",
    }),
});
`;

/** Throws in its third step. */
export const FALLS_OVER = `${IMPORTS}
export default defineEnv({
  id: "falls-over-v0",
  build: () =>
    rules({
      action: discrete(2),
      observation: discrete(9),
      reset: () => 0,
      step(cell) {
        if (cell === 2) throw new Error("tripped over a cable");
        return { state: cell + 1, reward: 1, terminated: false };
      },
      observe: (cell) => cell,
    }),
});
`;

/** Cannot even begin. */
export const NEVER_BEGINS = `${IMPORTS}
export default defineEnv({
  id: "never-begins-v0",
  build: () =>
    rules({
      action: discrete(2),
      observation: discrete(9),
      reset: () => {
        throw new Error("no floor");
      },
      step: (cell: number) => ({ state: cell, reward: 1, terminated: true }),
      observe: (cell: number) => cell,
    }),
});
`;

/** Never comes back from a step, and says so on stderr before. */
export const LOOPS = `import { writeSync } from "node:fs";
${IMPORTS}
export default defineEnv({
  id: "loops-v0",
  build: () =>
    rules({
      action: discrete(2),
      observation: discrete(9),
      reset: () => 0,
      step(cell) {
        writeSync(2, "looping\\\\n");
        while (cell < 9);
        return { state: cell, reward: 1, terminated: true };
      },
      observe: (cell) => cell,
    }),
});
`;

/** Its first build sleeps 3.5 s and lets nothing else run; its first step awaits as long. */
export const SLOW = `import { setTimeout as nap } from "node:timers/promises";
${IMPORTS}
let [builds, steps] = [0, 0];
export default defineEnv({
  id: "slow-v0",
  build() {
    if (builds++ === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_500);
    return rules({
      action: discrete(2),
      observation: discrete(9),
      maxSteps: 3,
      async: true,
      reset: () => 0,
      async step(cell: number) {
        if (steps++ === 0) await nap(3_500);
        return { state: cell + 1, reward: 1, terminated: false };
      },
      observe: (cell: number) => cell,
    });
  },
});
`;
