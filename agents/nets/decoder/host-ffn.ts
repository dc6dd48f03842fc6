/** The feed-forward part of a decoder on typed arrays: a token's row passes through its own experts only. */
import type { MoeShape } from "../moe.ts";
import { chooseExperts } from "../moe-choice.ts";
import { matmul } from "./host-matmul.ts";

/** Adds the part's output for each of the rows x [rows, width] to `sum`. */
export type HostFfn = (x: Float32Array, rows: number, sum: Float32Array) => void;

/** Parameters by name, row-major. */
export type HostWeights = Readonly<Record<string, { readonly data: Float32Array | Int32Array }>>;

/** The numbers of a parameter. @throws {TypeError} for a name that is missing */
export type Lookup = (name: string) => Float32Array;

export const lookup =
  (all: HostWeights): Lookup =>
  (name) => {
    const found = all[name];
    if (found === undefined) throw new TypeError(`decoder: no weights "${name}"`);
    return found.data as Float32Array;
  };

export function hostMlp(weights: Lookup, name: string, width: number): HostFfn {
  const [first, firstBias] = [weights(`${name}.0.weight`), weights(`${name}.0.bias`)];
  const [last, lastBias] = [weights(`${name}.out.weight`), weights(`${name}.out.bias`)];
  const hidden = firstBias.length;
  return (x, rows, sum) => {
    const inner = new Float32Array(rows * hidden);
    const out = new Float32Array(rows * width);
    matmul(x, first, inner, rows, width, hidden);
    for (let at = 0; at < inner.length; at++) inner[at] = relu2(inner[at]! + firstBias[at % hidden]!);
    matmul(inner, last, out, rows, hidden, width);
    for (let at = 0; at < out.length; at++) sum[at]! += out[at]! + lastBias[at % width]!;
  };
}

export function hostMoe(weights: Lookup, name: string, width: number, shape: MoeShape): HostFfn {
  const { experts, active, hidden, shared = 1 } = shape;
  const [gate, bias] = [weights(`${name}.gate`), weights(`${name}.bias`)];
  const nets = (part: string, count: number): Expert[] =>
    Array.from({ length: count }, (_, i) => expertOf(weights, `${name}.${part}`, i, width, hidden));
  const [routed, common] = [nets("experts", experts), nets("shared", shared)];
  return (x, rows, sum) => {
    const logits = new Float32Array(rows * experts);
    matmul(x, gate, logits, rows, width, experts);
    const { chosen, gates } = chooseExperts(logits, bias, rows, shape);
    const everyone = Int32Array.from({ length: rows }, (_, row) => row);
    for (const net of common) net(x, everyone, undefined, sum);
    for (const [e, net] of routed.entries()) {
      const at = everyPlace(chosen, e);
      if (at.length > 0) net(x, at.map((place) => Math.floor(place / active)), Float32Array.from(at, (place) => gates[place]!), sum); // prettier-ignore
    }
  };
}

/** Adds one expert's outputs, times the gates, for some of the rows of x. */
type Expert = (x: Float32Array, rows: Int32Array, gates: Float32Array | undefined, sum: Float32Array) => void;

function expertOf(weights: Lookup, name: string, index: number, width: number, hidden: number): Expert {
  const size = width * hidden;
  const cut = (part: string): Float32Array => weights(`${name}.${part}`).subarray(index * size, (index + 1) * size);
  const [first, last] = [cut("in"), cut("out")];
  return (x, rows, gates, sum) => {
    const own = new Float32Array(rows.length * width);
    rows.forEach((row, i) => own.set(x.subarray(row * width, (row + 1) * width), i * width));
    const inner = new Float32Array(rows.length * hidden);
    matmul(own, first, inner, rows.length, width, hidden);
    for (let at = 0; at < inner.length; at++) inner[at] = relu2(inner[at]!);
    matmul(inner, last, own, rows.length, hidden, width);
    rows.forEach((row, i) => {
      const share = gates === undefined ? 1 : gates[i]!;
      for (let k = 0; k < width; k++) sum[row * width + k]! += share * own[i * width + k]!;
    });
  };
}

const relu2 = (x: number): number => (x > 0 ? x * x : 0);

/** Where `wanted` stands. */
function everyPlace(values: Int32Array, wanted: number): Int32Array {
  const places: number[] = [];
  for (let i = 0; i < values.length; i++) if (values[i] === wanted) places.push(i);
  return Int32Array.from(places);
}
