/** Parameters that trail others: where they begin, how they move, and that they come back from a checkpoint. */
import { Rng } from "dojang/env";
import { describe, expect, it } from "vitest";
import { np } from "../../../agents/nets/backend.ts";
import { Model, targetsIn, type HostTensor } from "../../../agents/nets/model.ts";
import { param } from "../../../agents/nets/module.ts";
import { constant } from "../../../agents/nets/params.ts";
import { fieldsOf, type Plain } from "../../../agents/shared/plain.ts";

/** w follows x; its target trails it by a tenth a step, and v has none. The loss would be smaller if the target moved: it must not. */
const make = (): Model<{ x: HostTensor }> =>
  new Model<{ x: HostTensor }>(
    {
      name: "test",
      params: [
        { name: "q.w", shape: [1], init: constant(2) },
        { name: "v", shape: [1], init: constant(5) },
      ],
      optimizer: { kind: "adam" },
      targets: { of: ["q."], share: 0.1 },
      loss(p, { x }) {
        const target = np.sum(param(targetsIn(p), "q.w"));
        const error = np.sum(param(p, "q.w").sub(x));
        return { loss: error.ref.mul(error).add(target.ref), metrics: { target, v: np.sum(param(p, "v")) } };
      },
    },
    new Rng(1),
  );
const x: HostTensor = { data: Float32Array.of(-10), shape: [1] };
const targetOf = (model: Model<{ x: HostTensor }>): number =>
  Number((fieldsOf(fieldsOf(model.save())["targets"] as Plain)["q.w"] as Float32Array)[0]);

describe("a trailing parameter", () => {
  it("begins where the one it trails begins, and takes over a tenth of it after each step", () => {
    const model = make();
    let target = 2;
    for (let step = 0; step < 20; step++) {
      const seen = model.step({ x }, 0.5);
      expect(seen["target"]).toBeCloseTo(target, 4);
      target = 0.9 * target + 0.1 * Number(model.values("q.w")[0]);
      expect(targetOf(model)).toBeCloseTo(target, 4);
      expect(seen["v"]).toBe(5);
    }
    expect(target).toBeLessThan(0);
  });

  it("goes on from a saved state bit by bit", () => {
    const [one, other] = [make(), make()];
    for (let step = 0; step < 5; step++) one.step({ x }, 0.1);
    other.load(one.save());
    for (let step = 0; step < 5; step++) for (const model of [one, other]) model.step({ x }, 0.1);
    expect(other.save()).toEqual(one.save());
  });

  it("begins anew where weights are taken over from another model", () => {
    const [one, other] = [make(), make()];
    for (let step = 0; step < 5; step++) one.step({ x }, 0.1);
    other.transfer(one.weights());
    expect(targetOf(other)).toBe(Number(one.values("q.w")[0]));
  });
});
