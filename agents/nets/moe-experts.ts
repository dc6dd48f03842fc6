/** The routed experts' sum, two ways: all experts for all rows, or each row through its own experts only, sorted into blocks of one expert each (as MegaBlocks does: Gale et al., 2022, arXiv:2211.15841). */
import { nn, np, type Tensor } from "./backend.ts";
import { ACTIVATIONS } from "./layers.ts";

export interface Experts {
  /** [experts, width, hidden] */
  readonly first: Tensor;
  /** [experts, hidden, width] */
  readonly last: Tensor;
}

/** Rows x [N, width] through every expert, as one wide matmul; weighed by gates [N, experts] where there are any. Consumes all. */
export function everyExpert(x: Tensor, { first, last }: Experts, gates?: Tensor): Tensor {
  const [experts = 0, width = 0, hidden = 0] = first.shape;
  const rows = x.shape[0] ?? 0;
  const wide = first.transpose([1, 0, 2]).reshape([width, experts * hidden]);
  const inner = ACTIVATIONS.relu2(np.matmul(x, wide));
  // Weights on the inner layer: weighing the outputs of each expert apart would cost a second wide array.
  const weighed =
    gates === undefined ? inner : inner.reshape([rows, experts, hidden]).mul(gates.reshape([rows, experts, 1]));
  return np.matmul(weighed.reshape([rows, experts * hidden]), last.reshape([experts * hidden, width]));
}

/**
 * The same sum, each row through its chosen experts only: rows are sorted by expert, each expert's share is filled up to whole blocks, and a block is one
 * matmul with its expert's weights. No row is dropped, whatever the loads, and the shapes do not depend on them. Consumes all.
 * @param chosen [N, active] int32  @param gates [N, active]  @param train is it to be differentiated?
 */
export function chosenExperts(
  x: Tensor,
  { first, last }: Experts,
  chosen: Tensor,
  gates: Tensor,
  train: boolean,
): Tensor {
  const [experts = 0, width = 0, hidden = 0] = first.shape;
  const [rows = 0, active = 0] = chosen.shape;
  const { owner, token, used, place, block } = blocks(chosen, experts);
  const count = owner.shape[0] ?? 0;
  const own = (weights: Tensor, from: number, to: number): Tensor =>
    (train ? byMatmul : byLookup)(weights.reshape([experts, from * to]), owner.ref).reshape([count, from, to]);
  const sorted = train ? masked(np.take(x, token, 0), used) : (used.dispose(), np.take(x, token, 0));
  const inner = ACTIVATIONS.relu2(np.matmul(sorted.reshape([count, block, width]), own(first, width, hidden)));
  const outer = np.matmul(inner, own(last, hidden, width)).reshape([count * block, width]);
  owner.dispose();
  const found = np.take(outer, place.reshape([rows, active]), 0);
  return np.sum(found.mul(gates.reshape([rows, active, 1])), 1);
}

/** rows [M, width] that are 0 where a place is not used. jax-js cannot scatter a mere view, which the gradient of `take` would be without this factor. */
const masked = (rows: Tensor, used: Tensor): Tensor => rows.mul(used.reshape([rows.shape[0] ?? 0, 1]));

/** weights [experts, size] -> [blocks, size]: copies, whose gradient is slow to collect. */
const byLookup = (weights: Tensor, owner: Tensor): Tensor => np.take(weights, owner, 0);

/** The same, with a gradient that is a matmul again. */
const byMatmul = (weights: Tensor, owner: Tensor): Tensor =>
  np.matmul(nn.oneHot(owner, weights.shape[0] ?? 0).astype(np.float32), weights);

interface Blocks {
  /** Rows of a block. */
  readonly block: number;
  /** [blocks] int32: the expert of each. */
  readonly owner: Tensor;
  /** [blocks * block] int32: the row of x at each place. */
  readonly token: Tensor;
  /** [blocks * block] 1 where a place is used, 0 where it only fills up. */
  readonly used: Tensor;
  /** [N * active] int32: the place of each row's k-th expert. */
  readonly place: Tensor;
}

/** chosen [N, active] int32, consumed. */
function blocks(chosen: Tensor, experts: number): Blocks {
  const [rows = 0, active = 0] = chosen.shape;
  const pairs = rows * active;
  const block = blockSize(pairs, experts);
  const count = Math.floor(pairs / block) + Math.min(experts, pairs);
  const expert = chosen.reshape([pairs]);
  const order = np.argsort(expert.ref);
  const rank = np.argsort(order.ref);
  const load = np.sum(nn.oneHot(expert.ref, experts).astype(np.int32), 0);
  const before = sumBefore(load.ref, experts);
  const whole = load.ref.add(int(block - 1)).div(int(block));
  const first = sumBefore(whole.ref, experts);
  const ends = first.ref.add(whole).reshape([1, experts]);
  const passed = ends.lessEqual(np.arange(count).reshape([count, 1])).astype(np.int32);
  const owner = np.minimum(np.sum(passed, 1), int(experts - 1));
  const wide = np.repeat(owner.ref, block, 0);
  const within = np.arange(count * block).sub(np.take(first.ref, wide.ref, 0).mul(int(block)));
  const used = within.ref.less(np.take(load, wide.ref, 0)).astype(np.float32);
  const pair = np.minimum(np.take(before.ref, wide, 0).add(within), int(pairs - 1));
  const token = np.take(order, pair, 0).div(int(active));
  const place = np.take(first.mul(int(block)).sub(before), expert, 0).add(rank);
  return { block, owner, token, used, place };
}

/** A whole number: while gradients are taken, jax-js makes int32 plus a number of JavaScript a float32. */
const int = (value: number): Tensor => np.array(value, { dtype: np.int32 });

/** About an expert's mean load, 4 to 32: small blocks waste fewer places, large ones copy weights less often. */
const blockSize = (pairs: number, experts: number): number =>
  Math.max(4, Math.min(32, 2 ** Math.floor(Math.log2(Math.max(1, pairs / experts)))));

/** x [M] int32, consumed -> the sum of all before each. */
function sumBefore(x: Tensor, length: number): Tensor {
  const earlier = np
    .arange(length)
    .reshape([1, length])
    .less(np.arange(length).reshape([length, 1]));
  return np.sum(earlier.astype(np.int32).mul(x.reshape([1, length])), 1);
}
