/** A trainable function: its steps against the papers' formulas, what stays as it is, what goes over to another, and what it says when a number is none. */
import { Rng } from "dojang/env";
import { describe, expect, it } from "vitest";
import { np, type Tensors } from "../../../agents/nets/backend.ts";
import { Model, type HostTensor, type ModelOptions } from "../../../agents/nets/model.ts";
import { param } from "../../../agents/nets/module.ts";
import type { Optimizer } from "../../../agents/nets/optimizer.ts";
import { constant } from "../../../agents/nets/params.ts";
import type { Plain } from "../../../agents/shared/plain.ts";

interface Batch extends Record<string, HostTensor> {
  a: HostTensor;
  b: HostTensor;
}

const FIRST = [1, -2] as const;
const numbers = (...values: number[]): HostTensor => ({ data: Float32Array.from(values), shape: [values.length] });

/** Its gradients are the batch: loss = sum(a net.w) + sum(b other). */
const model = (optimizer: Optimizer, more: Partial<ModelOptions<Batch>> = {}): Model<Batch> =>
  new Model<Batch>(
    {
      name: "test",
      params: [
        { name: "net.w", shape: [2], init: () => Float32Array.from(FIRST) },
        { name: "other", shape: [1], init: constant(3) },
      ],
      optimizer,
      loss: (p: Tensors, { a, b }) => ({
        loss: np.sum(param(p, "net.w").mul(a)).add(np.sum(param(p, "other").mul(b))),
      }),
      ...more,
    },
    new Rng(1),
  );

const GRADIENTS = [
  [3, -4, 12],
  [0.5, 1, 0],
  [-2, 0.1, -1],
] as const;

const three = (one: Model<Batch>): number[] => {
  for (const [x, y, z] of GRADIENTS) one.step({ a: numbers(x, y), b: numbers(z) }, 0.1);
  return [...one.values("net.w"), ...one.values("other")];
};

/** The same three steps of one number by the formulas. */
const byHand = (move: (at: number, g: number, t: number, norm: number) => number): number[] =>
  [...FIRST, 3].map((first, k) =>
    GRADIENTS.reduce((at, g, i) => move(at, g[k] as number, i + 1, Math.hypot(...g)), first),
  );

describe("three steps", () => {
  it("of Adam are those of Kingma and Ba, with each gradient scaled to a norm of 2 at most", () => {
    let [m, v] = [0, 0];
    const expected = byHand((at, raw, t, norm) => {
      if (t === 1) [m, v] = [0, 0];
      const g = raw * Math.min(1, 2 / norm);
      m = 0.8 * m + 0.2 * g;
      v = 0.9 * v + 0.1 * g * g;
      return at - (0.1 * (m / (1 - 0.8 ** t))) / (Math.sqrt(v / (1 - 0.9 ** t)) + 1e-5);
    });
    const found = three(model({ kind: "adam", beta1: 0.8, beta2: 0.9, epsilon: 1e-5, clip: 2 }));
    found.forEach((value, k) => expect(value).toBeCloseTo(expected[k] as number, 4));
  });

  it("of AdamW take a tenth of the step size from each parameter besides", () => {
    let [m, v] = [0, 0];
    const expected = byHand((at, g, t) => {
      if (t === 1) [m, v] = [0, 0];
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      return at - 0.1 * 0.1 * at - (0.1 * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8);
    });
    const found = three(model({ kind: "adam", decay: 0.1 }));
    found.forEach((value, k) => expect(value).toBeCloseTo(expected[k] as number, 4));
  });

  it("of RAdam are those of Liu and others: momentum alone for 5 steps, then Adam's by the rectification", () => {
    const one = model({ kind: "adam", rectified: true, beta2: 0.99 });
    let [at, m, v] = [FIRST[0] as number, 0, 0];
    for (let t = 1; t <= 12; t++) {
      const g = Math.cos(t);
      one.step({ a: numbers(g, 1), b: numbers(1) }, 0.1);
      m = 0.9 * m + 0.1 * g;
      v = 0.99 * v + 0.01 * g * g;
      // Algorithm 2 of the paper, with its rho of infinity 199.
      const rho = 199 - (2 * t * 0.99 ** t) / (1 - 0.99 ** t);
      const rectified = Math.sqrt(((rho - 4) * (rho - 2) * 199) / ((199 - 4) * (199 - 2) * rho));
      const mean = m / (1 - 0.9 ** t);
      at -= 0.1 * (t <= 5 ? mean : (rectified * mean) / (Math.sqrt(v / (1 - 0.99 ** t)) + 1e-8));
      expect(one.values("net.w")[0], `step ${t}`).toBeCloseTo(at, 4);
    }
  });

  it.each([false, true])(
    "of RMSProp divide by the root of the mean square, or of the variance: centred %s",
    (centred) => {
      let [m, v] = [0, 0];
      const expected = byHand((at, g, t) => {
        if (t === 1) [m, v] = [0, 0];
        m = centred ? 0.9 * m + 0.1 * g : 0;
        v = 0.9 * v + 0.1 * g * g;
        return at - (0.1 * g) / (Math.sqrt(v - m * m) + 0.01);
      });
      const found = three(model({ kind: "rmsprop", rho: 0.9, epsilon: 0.01, centred }));
      found.forEach((value, k) => expect(value).toBeCloseTo(expected[k] as number, 4));
    },
  );
});

describe("a model", () => {
  it("reports the loss and the norm of the gradient before it is cut", () => {
    const found = model({ kind: "adam", clip: 1 }).step({ a: numbers(3, -4), b: numbers(12) }, 0.1);
    expect(found).toEqual({ loss: 3 + 8 + 36, gradNorm: 13 });
  });

  it("leaves frozen parameters as they are, and their gradients out of the norm", () => {
    const one = model({ kind: "adam" }, { frozen: ["net."] });
    expect(one.step({ a: numbers(3, -4), b: numbers(12) }, 0.1)["gradNorm"]).toBe(12);
    expect([...one.values("net.w")]).toEqual([...FIRST]);
    expect(one.values("other")[0]).toBeLessThan(3);
  });

  it.each([NaN, Infinity])("refuses a gradient of %d, names parameter and step, and stays as it is", (broken) => {
    const one = model({ kind: "adam" });
    one.step({ a: numbers(1, 1), b: numbers(1) }, 0.1);
    const before = one.save();
    const step = () => one.step({ a: numbers(1, 1), b: numbers(broken) }, 0.1);
    expect(step).toThrow(expect.objectContaining({ code: "NOT_A_NUMBER" }));
    expect(step).toThrow(/test: step 2: other/);
    expect(one.save()).toEqual(before);
  });

  it("gives outputs of the parameters of the moment, not of those it was compiled with", () => {
    const one = model({ kind: "adam" });
    const before = one.save();
    const run = one.compile<{ x: HostTensor }, "y">((p, { x }) => ({ y: param(p, "net.w").mul(x) }));
    expect([...run({ x: numbers(10, 10) }).y]).toEqual([10, -20]);
    one.step({ a: numbers(1, 1), b: numbers(1) }, 0.5);
    const [left = 0, right = 0] = run({ x: numbers(10, 10) }).y;
    expect(left).toBeCloseTo(5, 4);
    expect(right).toBeCloseTo(-25, 4);
    one.transfer({ "net.w": numbers(4, 5) });
    expect([...run({ x: numbers(10, 10) }).y]).toEqual([40, 50]);
    one.load(before);
    expect([...run({ x: numbers(10, 10) }).y]).toEqual([10, -20]);
  });

  it("takes over what has the same name and shape, a copy, and tells what it took", () => {
    const one = model({ kind: "adam" });
    const given = numbers(7, 8);
    const taken = one.transfer({
      "net.w": given,
      other: { data: Float32Array.of(1, 2), shape: [2] },
      else: numbers(1),
    });
    expect(taken).toEqual(["net.w"]);
    given.data[0] = 100;
    expect([...one.values("net.w"), ...one.values("other")]).toEqual([7, 8, 3]);
  });

  it("follows another by a quarter of the way, or becomes like it", () => {
    const [one, other] = [model({ kind: "adam" }), model({ kind: "adam" })];
    other.transfer({ "net.w": numbers(5, 2) });
    one.follow(other, 0.25);
    expect([...one.values("net.w")]).toEqual([2, -1]);
    one.follow(other);
    expect([...one.values("net.w")]).toEqual([5, 2]);
  });

  it("refuses the checkpoint of another net in one line, and stays as it is", () => {
    const one = model({ kind: "adam" });
    const before = one.save();
    const saved = one.save() as Readonly<Record<string, Plain>>;
    const params = { "net.w": new Float32Array(3), other: new Float32Array(1) };
    const message = /test: parameter net\.w: expected float32 numbers of shape \[2\], got "3 numbers"/;
    expect(() => one.load({ ...saved, params })).toThrow(message);
    expect(one.save()).toEqual(before);
  });

  it("refuses two parameters of one name", () => {
    const twice = { name: "w", shape: [1], init: constant(0) };
    expect(() => model({ kind: "adam" }, { params: [twice, twice] })).toThrow(/two parameters of one name/);
  });
});
