/** Gradients on their way to the host: turned around where the device finds them transposed, and whose they are. */
import { Rng } from "dojang/env";
import { describe, expect, it } from "vitest";
import { np } from "../../../agents/nets/backend.ts";
import { Model, type HostTensor } from "../../../agents/nets/model.ts";
import { param } from "../../../agents/nets/module.ts";
import { normal } from "../../../agents/nets/params.ts";

interface Batch extends Record<string, HostTensor> {
  x: HostTensor;
}

const [ROWS, INPUTS, HIDDEN, OUTPUTS] = [4, 7, 6, 5];

/** Two matrices with a ReLU between them. */
const model = (multiplies: boolean): Model<Batch> =>
  new Model<Batch>(
    {
      name: "test",
      params: [
        { name: "first", shape: [INPUTS, HIDDEN], init: normal(1), multiplies },
        { name: "second", shape: [HIDDEN, OUTPUTS], init: normal(1), multiplies },
      ],
      optimizer: { kind: "adam" },
      loss(p, { x }) {
        const hidden = np.maximum(np.matmul(x, param(p, "first")), 0);
        const outputs = np.matmul(hidden, param(p, "second"));
        return { loss: np.sum(outputs.ref.mul(outputs)) };
      },
    },
    new Rng(3),
  );

const batch = (seed: number): Batch => {
  const rng = new Rng(seed);
  return { x: { data: Float32Array.from({ length: ROWS * INPUTS }, () => rng.normal()), shape: [ROWS, INPUTS] } };
};

describe("the gradient of a right factor", () => {
  it("is bit for bit the one that the device would have turned around", () => {
    const [turned, plain] = [model(true).differentiate(batch(1)), model(false).differentiate(batch(1))];
    expect(turned).toEqual(plain);
    expect(turned.gradients["first"]?.some((slope) => slope !== 0)).toBe(true);
  });

  it("moves the parameters to the same places in 5 steps", () => {
    const [turned, plain] = [model(true), model(false)];
    for (let seed = 1; seed <= 5; seed++) expect(turned.step(batch(seed), 0.01)).toEqual(plain.step(batch(seed), 0.01));
    expect(turned.save()).toEqual(plain.save());
  });
});

describe("gradients", () => {
  it("belong to who asked for them: steps and further gradients leave them as they are", () => {
    const one = model(true);
    const { gradients } = one.differentiate(batch(1));
    const before = structuredClone(gradients);
    one.step(batch(2), 0.01);
    one.differentiate(batch(3));
    expect(gradients).toEqual(before);
  });

  it("are left out for frozen parameters, and come back for none of them in later steps", () => {
    const one = model(true);
    one.step(batch(1), 0.01);
    one.freeze(["first"]);
    const before = one.values("first");
    expect(Object.keys(one.differentiate(batch(2)).gradients)).toEqual(["second"]);
    one.step(batch(2), 0.01);
    expect(one.values("first")).toEqual(before);
  });
});
