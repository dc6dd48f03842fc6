/** Adam in WebAssembly against the formulas of Kingma and Ba in double precision: every number the same bit by bit, for every length around its blocks. */
import { Rng } from "dojang/env";
import { expect, it } from "vitest";
import { descend, type Adam } from "../../../agents/nets/optimizer.ts";

interface State {
  readonly p: Float32Array;
  readonly m: Float32Array;
  readonly v: Float32Array;
}

/** Numbers of very different sizes, some of them 0. */
const drawn = (length: number, rng: Rng): Float32Array =>
  Float32Array.from({ length }, () => (rng.uniform() < 0.1 ? 0 : rng.normal() * 10 ** (-12 * rng.uniform())));

/** One step by the formulas; what is stored is rounded to float32, what is computed with is not. */
function byHand({ p, m, v }: State, gradient: Float32Array, optimizer: Adam, norm: number, rate: number, t: number) {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0, clip = Infinity } = optimizer;
  const scale = Math.min(1, clip / (norm + 1e-6));
  const [pace, debias] = [rate / (1 - beta1 ** t), 1 / (1 - beta2 ** t)];
  gradient.forEach((raw, i) => {
    const g = scale * raw;
    const mean = beta1 * (m[i] as number) + (1 - beta1) * g;
    const square = beta2 * (v[i] as number) + (1 - beta2) * g * g;
    p[i] = (1 - rate * decay) * (p[i] as number) - (pace * mean) / (Math.sqrt(square * debias) + epsilon);
    [m[i], v[i]] = [mean, square];
  });
}

const OPTIMIZERS: readonly Adam[] = [
  { kind: "adam" },
  { kind: "adam", beta1: 0.8, beta2: 0.95, epsilon: 1e-5, decay: 0.1, clip: 0.5 },
];

it.each([1, 255, 256, 257, 8191, 8192, 8193, 20_001])("moves %i numbers as the formulas do, in 4 steps", (length) => {
  for (const optimizer of OPTIMIZERS) {
    const rng = new Rng(length);
    const state: State = { p: drawn(length, rng), m: new Float32Array(length), v: new Float32Array(length) };
    const expected = structuredClone(state);
    for (let t = 1; t <= 4; t++) {
      const gradient = drawn(length, rng);
      const at = { norm: 3, rate: 0.01 / t, t };
      const moments = { m: { p: state.m }, v: { p: state.v } };
      descend(optimizer, { p: state.p }, { p: gradient }, moments, at);
      byHand(expected, gradient, optimizer, at.norm, at.rate, t);
    }
    // Bytes: typed arrays of thousands of numbers would make a failure unreadable.
    for (const name of ["p", "m", "v"] as const)
      expect(bytesOf(state[name]).equals(bytesOf(expected[name])), name).toBe(true);
  }
});

it("leaves numbers of shared memory beside its own as they are", () => {
  const all = new Float32Array(new SharedArrayBuffer(4 * 900)).fill(7);
  const [p, gradient] = [all.subarray(100, 600), new Float32Array(500).fill(2)];
  descend({ kind: "adam" }, { p }, { p: gradient }, { m: { p: new Float32Array(500) }, v: { p: new Float32Array(500) } }, { norm: 1, rate: 0.5, t: 1 }); // prettier-ignore
  expect([...new Set(p)]).toEqual([6.5]);
  expect([...new Set([...all.subarray(0, 100), ...all.subarray(600)])]).toEqual([7]);
});

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
