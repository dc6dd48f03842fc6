/** Policies over action spaces: how a net's outputs become actions and log-probabilities, on the host where they are drawn and on the device where they are learnt. */
import type { Rng } from "dojang/env";
import { GymError, type BatchOf, type Space } from "dojang/protocol";
import { nn, np, type Tensor, type Tensors } from "./backend.ts";
import { param } from "./module.ts";
import { constant, type ParamSpec } from "./params.ts";
import type { Fit } from "../shared/fit.ts";

type Discrete = Extract<Space, { kind: "discrete" }>;
type Box = Extract<Space, { kind: "box" }>;

/** Action spaces that policies can act in. */
export const policySpace: Fit<Discrete | Box> = {
  says: "a discrete space, or a box of floats",
  fits: (space): space is Discrete | Box =>
    space.kind === "discrete" || (space.kind === "box" && space.dtype.startsWith("float")),
};

export interface Drawn {
  /** What the env is given. */
  readonly action: BatchOf<Space>;
  /** [n] log-probability of what was drawn. */
  readonly logProb: Float32Array;
  /** [n * width] what was drawn, as `evaluate` reads it; before it was cut to the space. */
  readonly raw: Float32Array;
}

export interface PolicyHead {
  /** Outputs that the net gives a row. */
  readonly outputs: number;
  /** Numbers of a drawn action as the learner reads it. */
  readonly width: number;
  /** Parameters beside the net's. */
  readonly params: readonly ParamSpec[];
  /** Draws an action for each row, or takes the likeliest without an `rng`. `own` holds the head's own parameters. */
  draw(outputs: Float32Array, n: number, own: Float32Array, mask: Uint8Array | undefined, rng?: Rng): Drawn;
  /** [n * width] what a draw would be called that gave these actions: for actions that others chose. */
  rawOf(action: BatchOf<Space>): Float32Array;
  /** Log-probabilities [B] and entropies [B]. Consumes all but the parameters. */
  evaluate(p: Tensors, outputs: Tensor, raw: Tensor, mask: Tensor): { logProb: Tensor; entropy: Tensor };
}

export const policyHead = (space: Discrete | Box): PolicyHead =>
  space.kind === "discrete" ? categorical(space) : gaussian(space);

/** Added to the logits of illegal actions: small enough to leave nothing, large enough to leave no infinity. */
const ILLEGAL = -1e9;

function categorical({ n: actions, start }: Discrete): PolicyHead {
  return {
    outputs: actions,
    width: actions,
    params: [],
    draw(logits, n, _own, mask, rng) {
      const action = new Int32Array(n);
      const logProb = new Float32Array(n);
      const raw = new Float32Array(n * actions);
      const chances = new Float64Array(actions);
      for (let i = 0; i < n; i++) {
        const at = i * actions;
        const total = soften(logits, mask, at, chances);
        const chosen = rng === undefined ? largest(chances) : drawn(chances, total * rng.uniform());
        action[i] = start + chosen;
        logProb[i] = Math.log((chances[chosen] as number) / total);
        raw[at + chosen] = 1;
      }
      return { action, logProb, raw };
    },
    rawOf(action) {
      // The space was checked: a discrete action batch is an Int32Array.
      const taken = action as Int32Array;
      const raw = new Float32Array(taken.length * actions);
      taken.forEach((one, i) => (raw[i * actions + one - start] = 1));
      return raw;
    },
    evaluate(_p, outputs, raw, mask) {
      const logP = nn.logSoftmax(outputs.add(np.array(1).sub(mask).mul(ILLEGAL)), -1);
      const entropy = np.sum(np.exp(logP.ref).mul(logP.ref), -1).mul(-1);
      return { logProb: np.sum(logP.mul(raw), -1), entropy };
    },
  };
}

/** exp(logit - max) of the legal actions into `chances`; gives their sum. */
function soften(logits: Float32Array, mask: Uint8Array | undefined, at: number, chances: Float64Array): number {
  let max = -Infinity;
  const legal = (a: number): boolean => mask === undefined || mask[at + a] !== 0;
  for (let a = 0; a < chances.length; a++) if (legal(a)) max = Math.max(max, logits[at + a] as number);
  if (max === -Infinity)
    throw new GymError("ENV_FAULT", "mask", {
      expected: `at least one of ${chances.length} actions to be legal`,
      received: "none",
    });
  let total = 0;
  for (let a = 0; a < chances.length; a++)
    total += chances[a] = legal(a) ? Math.exp((logits[at + a] as number) - max) : 0;
  return total;
}

function drawn(chances: Float64Array, at: number): number {
  let left = at;
  let last = 0;
  for (let a = 0; a < chances.length; a++) {
    if (chances[a] === 0) continue;
    last = a;
    left -= chances[a] as number;
    if (left < 0) return a;
  }
  return last;
}

const largest = (values: Float64Array): number =>
  values.reduce((best, value, i) => (value > (values[best] as number) ? i : best), 0);

const LOG_STD = "policy.logStd";
const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/** Independent normals with means from the net, in the space's own units scaled to [-1, 1], and deviations that are parameters. Actions are cut to the space. */
function gaussian({ shape, low, high, dtype }: Box): PolicyHead {
  const size = shape.reduce((product, n) => product * n, 1);
  const bound = (values: number | readonly number[], k: number): number =>
    typeof values === "number" ? values : (values[k] as number);
  const ends = Array.from({ length: size }, (_, k) => [bound(low, k), bound(high, k)] as const);
  const [centre, half] = [new Float64Array(size), new Float64Array(size).fill(1)];
  ends.forEach(([a, b], k) => {
    if (Number.isFinite(a) && Number.isFinite(b)) [centre[k], half[k]] = [(a + b) / 2, (b - a) / 2];
  });
  const make = (n: number): Float32Array | Float64Array =>
    dtype === "float64" ? new Float64Array(n) : new Float32Array(n);
  return {
    outputs: size,
    width: size,
    params: [{ name: LOG_STD, shape: [size], init: constant(-0.5) }],
    draw(means, n, own, _mask, rng) {
      const action = make(n * size);
      const raw = new Float32Array(n * size);
      const logProb = new Float32Array(n);
      for (let at = 0; at < n * size; at++) {
        const k = at % size;
        const logStd = own[k] as number;
        const noise = rng === undefined ? 0 : rng.normal();
        const value = (raw[at] = (means[at] as number) + Math.exp(logStd) * noise);
        const [a, b] = ends[k] as readonly [number, number];
        action[at] = Math.min(b, Math.max(a, (centre[k] as number) + (half[k] as number) * value));
        (logProb[Math.floor(at / size)] as number) -= 0.5 * noise * noise + logStd + HALF_LOG_2PI;
      }
      return { action, logProb, raw };
    },
    rawOf: (action) =>
      // The space was checked: a batch of a box is one typed array. A side of no length has one action only.
      Float32Array.from(action as Float32Array, (value, at) => {
        const k = at % size;
        return half[k] === 0 ? 0 : (value - (centre[k] as number)) / (half[k] as number);
      }),
    evaluate(p, outputs, raw, mask) {
      mask.dispose();
      const logStd = param(p, LOG_STD);
      const z = raw.sub(outputs).div(np.exp(logStd.ref));
      const logProb = np.sum(z.ref.mul(z).mul(-0.5).sub(logStd.ref).sub(HALF_LOG_2PI), -1);
      const entropy = np.sum(logStd.add(HALF_LOG_2PI + 0.5)).add(np.zeros([logProb.shape[0] ?? 1]));
      return { logProb, entropy };
    },
  };
}
