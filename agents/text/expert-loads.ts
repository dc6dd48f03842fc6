/** Keeps the experts of a routed decoder evenly busy while it is trained: the loss reports their loads, and each update moves their biases. */
import { np, type Tensor, type Tensors } from "../nets/backend.ts";
import type { Decoder } from "../nets/decoder/decoder.ts";
import { ExpertBalance, type Biased } from "../nets/moe-balance.ts";

/** Of the metrics that hold a load: "load/LAYER/EXPERT". */
const LOAD = "load/";

export interface Loaded {
  /** [B, T, vocab] */
  readonly logits: Tensor;
  /** The experts' loads as metrics; none where the net is dense. */
  readonly loads: Tensors;
  /** A number to be added to the loss: the balance by sequence, times the net's `balanceWeight`. 0 where the net is dense. */
  readonly balance: Tensor;
}

export function withLoads(net: Decoder, p: Tensors, tokens: Tensor): Loaded {
  const { logits, experts } = net.forward(p, tokens);
  if (experts === undefined) return { logits, loads: {}, balance: np.array(0) };
  const { loads, loss: balance } = experts;
  const [layers = 0, count = 0] = loads.shape;
  const each = Array.from({ length: layers * count }, (_, at) => {
    const [layer, expert] = [Math.floor(at / count), at % count];
    return [`${LOAD}${layer}/${expert}`, loads.ref.slice(layer, expert)] as const;
  });
  loads.dispose();
  return { logits, loads: Object.fromEntries(each), balance };
}

type Numbers = Readonly<Record<string, number>>;

export class ExpertLoads {
  readonly #balance: ExpertBalance | undefined;

  /** @param rate what a bias moves by in an update */
  constructor({ routed, options }: Decoder, rate: number) {
    this.#balance = options.moe && new ExpertBalance(routed, options.moe.experts, rate);
  }

  /** Counts the loads of a step; gives its other metrics. */
  count(metrics: Numbers): Numbers {
    const all = Object.entries(metrics);
    // Metrics come in the order of the loss, which is layer by layer.
    this.#balance?.count(all.flatMap(([name, value]) => (name.startsWith(LOAD) ? [value] : [])));
    return Object.fromEntries(all.filter(([name]) => !name.startsWith(LOAD)));
  }

  /** Ends an update: moves the biases of `model`, and reports how even the loads were. */
  update(model: Biased): Numbers {
    return this.#balance?.update(model) ?? {};
  }
}
