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

/** Who was sent where. */
export interface Routing {
  /** [N, experts] sigmoid scores. */
  readonly scores: Tensor;
  /** [N, active] the chosen experts, int32, the best first. */
  readonly chosen: Tensor;
}

/** @throws {RangeError} where the numbers do not fit together */
export function checkRoute({ experts, active, groups = 1, activeGroups = groups }: RouteOptions, name: string): void {
  const refuse = (what: string, expected: string, received: number): never => {
    throw new RangeError(`moe ${name}: ${what}: expected ${expected}, got ${received}`);
  };
  if (groups < 1 || experts % groups !== 0) refuse("groups", `a divisor of ${experts} experts`, groups);
  if (activeGroups < 1 || activeGroups > groups) refuse("activeGroups", `1 to ${groups}`, activeGroups);
  const within = (experts / groups) * activeGroups;
  if (active < 1 || active > within) refuse("active", `1 to ${within}, the experts that a token can reach`, active);
}

/** logits [N, experts] and bias [experts], consumed. */
export function route(logits: Tensor, bias: Tensor, options: RouteOptions): Routing {
  const scores = nn.sigmoid(logits);
  // Which experts are best has no derivative; their scores, as gates, have.
  const selection = reachable(lax.stopGradient(scores.ref.add(bias)), options);
  return { scores, chosen: best(selection, options.active) };
}

/** [N, active, experts] 1 at the chosen. Borrows. */
export const hotOf = ({ scores, chosen }: Routing): Tensor =>
  nn.oneHot(chosen.ref, scores.shape[1] ?? 0).astype(np.float32);

/** Weights [N, active] of the chosen: their scores, divided by their sum, times the route scale. Borrows. */
export function gatesOf(routing: Routing, { routeScale = 1 }: RouteOptions): Tensor {
  const own = np.takeAlongAxis(routing.scores.ref, routing.chosen.ref, -1);
  const total = np.sum(own.ref, -1, { keepdims: true });
  // A sum of 0 is that of scores that have all underflown.
  return own.mul(routeScale).div(total.add(1e-20));
}

/** The same as [N, experts], 0 for those not chosen. Borrows. */
export function wideGatesOf(routing: Routing, options: RouteOptions): Tensor {
  const gates = gatesOf(routing, options);
  const [rows = 0, active = 0] = gates.shape;
  return np.sum(hotOf(routing).mul(gates.reshape([rows, active, 1])), 1);
}

/** Scores [N, experts], consumed, far below all others outside the best groups: those whose two best have the largest sum. */
function reachable(selection: Tensor, { experts, groups = 1, activeGroups = groups }: RouteOptions): Tensor {
  if (activeGroups === groups) return selection;
  const rows = selection.shape[0] ?? 0;
  const size = experts / groups;
  const inGroups = selection.ref.reshape([rows * groups, size]);
  const two = maskOf(best(inGroups.ref, Math.min(2, size)), size);
  const value = np.sum(inGroups.mul(two), -1).reshape([rows, groups]);
  const open = np.repeat(maskOf(best(value, activeGroups), groups), size, 1);
  return selection.sub(np.array(1).sub(open).mul(FAR));
}

/** More than scores and biases ever differ by, and little enough to keep their digits: 1 + 2^-10 of float32 remains of a score. */
const FAR = 1e4;

/** The indices [N, count] of the largest of each row of x [N, M], consumed, the largest first; of equal ones the first. */
function best(x: Tensor, count: number): Tensor {
  const [rows = 0, width = 0] = x.shape;
  let left = x;
  const found = Array.from({ length: count }, (_, k) => {
    const index = np.argmax(left.ref, -1);
    // What is taken falls below all that is left, also below what lies outside the best groups.
    if (k + 1 < count) left = left.sub(nn.oneHot(index.ref, width).astype(np.float32).mul(10 * FAR)); // prettier-ignore
    return index.reshape([rows, 1]);
  });
  left.dispose();
  return np.concatenate(found, 1);
}

/** Indices [N, count], consumed -> [N, width] 1 at each. */
const maskOf = (indices: Tensor, width: number): Tensor => np.sum(nn.oneHot(indices, width).astype(np.float32), 1);
