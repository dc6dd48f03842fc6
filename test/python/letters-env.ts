/** `letters-v0` has every kind of space that Gymnasium can batch, faults and pixels; `hand-v0` has one that it cannot. */
import {
  type AnyPlugin,
  type AnyRules,
  box,
  defineEnv,
  dict,
  discrete,
  multiBinary,
  multiDiscrete,
  rules,
  sequence,
  text,
  tuple,
} from "dojang/env";

interface Letters {
  word: string;
  move: readonly number[];
}

const LETTERS = defineEnv({
  id: "letters-v0",
  params: {},
  build: (): AnyRules =>
    rules({
      action: dict({ word: text({ maxLength: 3, charset: "ab" }), move: multiDiscrete([2, 3]) }),
      observation: dict({
        word: text({ maxLength: 9 }),
        seen: tuple(discrete(4, -1), multiBinary(2), box([1, 2], -Infinity, Infinity, "float64")),
      }),
      infoSpace: dict({ said: text({ maxLength: 9 }) }),
      reset: (_rng, options): Letters => ({ word: beginning(options), move: [0, 0] }),
      step(_state: Letters, { word, move }) {
        if (word === "bb") throw new Error("no bb");
        const reward = word.length;
        return { state: { word, move: [...move] }, reward, terminated: false, rewards: { length: reward } };
      },
      observe({ word, move }, { seen: [, flags, numbers] }) {
        flags.set([word.startsWith("a") ? 1 : 0, word.length > 1 ? 1 : 0]);
        numbers.set([0.5, word.length]);
        const [first = 0, second = 0] = move;
        return { word, seen: [first + second - 1, undefined, undefined] };
      },
      info: ({ word }) => ({ said: word }),
      render: () => ({ width: 2, height: 1, rgb: Uint8Array.of(1, 2, 3, 4, 5, 6) }),
    }),
});

function beginning(options: unknown): string {
  return typeof options === "object" && options !== null && "begin" in options ? String(options.begin) : "";
}

const HAND = defineEnv({
  id: "hand-v0",
  params: {},
  build: () =>
    rules({
      action: discrete(2),
      observation: sequence(discrete(52), { maxLength: 5 }),
      reset: () => 0,
      step: (state: number) => ({ state, reward: 0, terminated: false }),
      observe: () => [1, 2],
    }),
});

export const PLUGINS: readonly AnyPlugin[] = [LETTERS, HAND];
