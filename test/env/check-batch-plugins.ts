/** Plugins for the tests of checkEnv: one with batch rules that holds the contract, and such as break it there alone. */
import { text, type AnyPlugin, type BatchStep, type Discrete } from "../../src/env/index.ts";
import { walk, type GoodRules, type WalkState } from "./check-plugins.ts";

/** The same walk over columns. Named parts of rewards have no columns: whoever adds this leaves them out. */
const goodBatch = (length: number) => ({
  columns: (num: number) => ({ x: new Int32Array(num), coins: new Int32Array(num) }),
  load({ x, coins }: WalkColumns, row: number, state: WalkState) {
    x[row] = state.x;
    coins[row] = state.coins;
  },
  save: ({ x, coins }: WalkColumns, row: number): WalkState => ({ x: x[row]!, coins: coins[row]! }),
  step({ x, coins }: WalkColumns, { rows, actions, rngs, rewards, terminated }: WalkStep) {
    rows.forEach((row, k) => {
      x[row] = Math.max(0, x[row]! + (actions[k] === 1 ? 1 : -1));
      const coin = rngs[row]!.int(2);
      coins[row]! += coin;
      rewards[k] = coin;
      terminated[k] = x[row] >= length ? 1 : 0;
    });
  },
  observe({ x, coins }: WalkColumns, rows: Uint32Array, out: Float64Array) {
    rows.forEach((row, k) => out.set([x[row]!, coins[row]!], 2 * k));
  },
});
type GoodBatch = ReturnType<typeof goodBatch>;
type WalkStep = BatchStep<Discrete>;
interface WalkColumns {
  readonly x: Int32Array;
  readonly coins: Int32Array;
}

/** The good plugin with batch rules, some of them replaced. */
export const walkInColumns = (change: (good: GoodBatch) => object = () => ({}), others: object = {}): AnyPlugin =>
  walk((good, length) => ({
    step(...args: Parameters<GoodRules["step"]>) {
      const { state, reward, terminated } = good.step(...args);
      return { state, reward, terminated };
    },
    batch: { ...goodBatch(length), ...change(goodBatch(length)) },
    ...others,
  }));

export const BROKEN_BATCH: Readonly<Record<string, AnyPlugin>> = {
  batchRulesHaveTheirShape: walkInColumns(() => ({ save: undefined })),
  batchRulesEqualTheRules: walkInColumns((good) => ({
    step(columns: WalkColumns, batch: WalkStep) {
      good.step(columns, batch);
      if (batch.rows.includes(3)) batch.rewards[batch.rows.indexOf(3)]! += 1;
    },
  })),
};

export const BROKEN_BATCH_TOO: readonly (readonly [rule: string, how: string, plugin: AnyPlugin])[] = [
  ["batchRulesHaveTheirShape", "async rules beside them", walkInColumns(() => ({}), { async: true })],
  [
    "batchRulesHaveTheirShape",
    "text that has no column",
    walkInColumns(() => ({}), { observation: text({ maxLength: 3 }), observe: () => "" }),
  ],
  [
    "batchRulesEqualTheRules",
    "a draw too many",
    walkInColumns((good) => ({
      step(columns: WalkColumns, batch: WalkStep) {
        good.step(columns, batch);
        batch.rngs[batch.rows[0] ?? 0]?.uniform();
      },
    })),
  ],
  [
    "batchRulesEqualTheRules",
    "a state that is not saved whole",
    walkInColumns((good) => ({
      save: (columns: WalkColumns, row: number) => ({ ...good.save(columns, row), coins: 0 }),
    })),
  ],
  ["batchRulesEqualTheRules", "another parameter's length", walkInColumns(() => ({ step: goodBatch(8).step }))],
  [
    "batchRulesEqualTheRules",
    "a reset of its own that starts elsewhere",
    walkInColumns(() => ({
      reset(columns: WalkColumns, row: number) {
        columns.x[row] = 1;
        columns.coins[row] = 0;
      },
    })),
  ],
];
