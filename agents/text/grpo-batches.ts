/** The minibatches that one update of GRPO takes its steps on. */
import type { Rng } from "dojang/env";
import type { HostTensor } from "../nets/model.ts";
import type { GroupAdvantages } from "./grpo-advantages.ts";
import type { GrpoConfig } from "./grpo-config.ts";
import type { TokenBatch } from "./token-batch.ts";

/** [B, T] of tokens: see `GrpoLossInputs`. */
export interface GrpoBatch extends TokenBatch {
  readonly refLogProb: HostTensor;
  /** [B, 1] */
  readonly advantage: HostTensor;
  /** [1] answers that are learnt from */
  readonly rows: HostTensor;
  /** [1] tokens of the whole batch, divided by its minibatches */
  readonly all: HostTensor;
}

type Columns = TokenBatch & Pick<GrpoBatch, "refLogProb">;

/** Each pass takes the answers in an order of its own; where there is one minibatch, order does not matter. */
export function* grpoBatches(
  whole: Columns,
  { advantage, used }: GroupAdvantages,
  { numIterations, minibatches }: GrpoConfig,
  rng: Rng,
): Generator<GrpoBatch> {
  const all = { data: Float32Array.of(sum(whole.weight.data) / minibatches), shape: [1] };
  const size = advantage.length / minibatches;
  for (let pass = 0; pass < numIterations; pass++) {
    const order = Array.from(advantage.keys());
    if (minibatches > 1) rng.shuffle(order);
    for (let from = 0; from < order.length; from += size) {
      const rows = order.slice(from, from + size);
      const pick = (values: ArrayLike<number>): Float32Array => Float32Array.from(rows, (row) => values[row] as number);
      yield {
        ...takeRows(whole, rows),
        advantage: { data: pick(advantage), shape: [size, 1] },
        rows: { data: Float32Array.of(sum(pick(used))), shape: [1] },
        all,
      };
    }
  }
}

function takeRows(whole: Columns, rows: readonly number[]): Columns {
  const take = ({ data, shape: [, length = 0] }: HostTensor): HostTensor => {
    const taken = data.slice(0, rows.length * length);
    rows.forEach((row, i) => taken.set(data.subarray(row * length, (row + 1) * length), i * length));
    return { data: taken, shape: [rows.length, length] };
  };
  const { tokens, target, weight, oldLogProb, refLogProb } = whole;
  return { tokens: take(tokens), target: take(target), weight: take(weight), oldLogProb: take(oldLogProb), refLogProb: take(refLogProb) }; // prettier-ignore
}

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);
