/** Which experts a token is sent to: sigmoid scores, the best by score plus a bias that only selects, gates normalised over the chosen (DeepSeek-V3, arXiv:2412.19437, 2.1.2). */
import { lax, nn, np, type Tensor } from "./backend.ts";

export interface RouteOptions {
  /** Routed experts. */
  readonly experts: number;
  /** Routed experts a token. */
  readonly active: number;
  /** The sum of a token's gates. Default 1. */
  readonly routeScale?: number;
  /** Equal groups of experts; a token goes to the best `activeGroups` of them only. Default 1. */
  readonly groups?: number;
  /** Default: all groups. */
  readonly activeGroups?: number;
}

export interface Routing {
  /** [N, experts] sigmoid scores. */
  readonly scores: Tensor;
  /** [N, experts] weights of the chosen experts, 0 elsewhere. */
  readonly gates: Tensor;
}

/** logits [N, experts] and bias [experts], consumed. */
export function route(logits: Tensor, bias: Tensor, options: RouteOptions): Routing {
  const { active, routeScale = 1 } = options;
  const scores = nn.sigmoid(logits);
  const chosen = best(lax.stopGradient(scores.ref.add(bias)), active);
  const kept = scores.ref.mul(chosen);
  const sum = np.sum(kept.ref, -1, { keepdims: true });
  return { scores, gates: kept.div(sum.add(1e-20)).mul(routeScale) };
}

/** 1 at the `count` largest of each row of x [N, M], consumed, 0 elsewhere; of equal ones the first. */
function best(x: Tensor, count: number): Tensor {
  const width = x.shape[1] ?? 0;
  let [left, chosen] = [x, np.zeros([1, width])];
  for (let k = 0; k < count; k++) {
    const one = nn.oneHot(np.argmax(left.ref, -1), width).astype(np.float32);
    chosen = chosen.add(one.ref);
    left = left.sub(one.mul(1e9));
  }
  left.dispose();
  return chosen;
}
