/** The examples that authors start from: they infer their types without annotations and hold the contract. */
import { describe, expect, expectTypeOf, it } from "vitest";
import { type AnyPlugin, assertEnv, box, defineEnv, dict, discrete, int, rules, text } from "dojang/env";

const corridor = defineEnv({
  id: "corridor-v0",
  params: { length: int(8, { min: 2, max: 1_000 }) },
  build: ({ length }) =>
    rules({
      action: discrete(2),
      observation: discrete(length),
      maxSteps: 10 * length,
      reset: () => 0,
      step(cell, action) {
        expectTypeOf(cell).toEqualTypeOf<number>();
        expectTypeOf(action).toEqualTypeOf<number>();
        const state = Math.max(0, cell + (action === 1 ? 1 : -1));
        return { state, reward: -1, terminated: state === length - 1 };
      },
      observe: (cell) => cell,
    }),
});

const fall = defineEnv({
  id: "catch-v0",
  params: { rows: int(10, { min: 2, max: 100 }), columns: int(5, { min: 1, max: 100 }) },
  build: ({ rows, columns }) =>
    rules({
      action: discrete(3), // 0 left, 1 stay, 2 right
      observation: box([rows, columns], 0, 1, "uint8"),
      maxSteps: rows,
      reset: (rng) => ({ ballX: rng.int(columns), ballY: 0, paddleX: columns >> 1 }),
      step(s, action) {
        s.paddleX = Math.min(Math.max(s.paddleX + action - 1, 0), columns - 1);
        s.ballY++;
        const terminated = s.ballY === rows - 1;
        return { state: s, reward: terminated ? (s.paddleX === s.ballX ? 1 : -1) : 0, terminated };
      },
      observe(s, board) {
        expectTypeOf(board).toEqualTypeOf<Uint8Array>();
        board[s.ballY * columns + s.ballX] = board[(rows - 1) * columns + s.paddleX] = 1;
      },
    }),
});

const letters = defineEnv({
  id: "me/letters-v3",
  secret: true,
  build: () =>
    rules({
      action: text({ maxLength: 8 }),
      observation: dict({ tries: box([1], 0, 100, "int32"), hint: text({ maxLength: 20 }) }),
      maxSteps: 5,
      async: true,
      reset: (rng) => ({ gold: rng.choice(["abcdef", "ghijklm", "nopqrstu"]), tries: 0, last: "" }),
      step: async (state, action) => {
        expectTypeOf(action).toEqualTypeOf<string>();
        await Promise.resolve();
        const next = { ...state, tries: state.tries + 1, last: action };
        return { state: next, reward: action === state.gold ? 1 : 0, terminated: action === state.gold };
      },
      observe(state, out) {
        out.tries[0] = state.tries;
        return { hint: `${state.gold.length} letters` };
      },
      render: ({ last }) => `last try: ${last}`,
    }),
});

describe("an example for authors", () => {
  const plugins: readonly AnyPlugin[] = [corridor, fall, letters];
  it.each(plugins.map((plugin) => [plugin.id, plugin] as const))("%s holds the contract", async (_, plugin) => {
    const { warnings, skipped } = await assertEnv(plugin);
    expect(skipped).toEqual([]);
    expect(warnings.map(({ rule }) => rule)).toEqual(plugin === corridor ? ["differentSeedsDiffer"] : []);
  });
});
