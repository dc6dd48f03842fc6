/** Nets on the host: the same numbers as the compiled nets for every kind of layer, and for as many rows as go through them. */
import { Rng } from "dojang/env";
import { box, discrete, type Space } from "dojang/protocol";
import { describe, expect, it } from "vitest";
import { np, type Tensors } from "../../../agents/nets/backend.ts";
import { Model } from "../../../agents/nets/model.ts";
import { evaluator, onRows, qNet, rowsOf, rowWriter, type QNetOptions } from "../../../agents/nets/q-net.ts";
import { featuresFor } from "../../../agents/nets/torso.ts";

const GRID = box([6, 5, 2], 0, 1);
const LINE = box([7], -9, 9);

type Settings = Partial<Pick<QNetOptions, "activation" | "dueling" | "hidden" | "norm" | "width">>;

/** A net with weights and offsets that are all drawn, so that none of them can be left out unseen. */
function netOf(space: Space, net: string, settings: Settings = {}) {
  const features = featuresFor({ net }, space, "test");
  const options = { hidden: [16, 12], filters: 5, activation: "relu" as const, actions: 3, dueling: false };
  const module = qNet({ ...options, ...settings, name: "q", features, net });
  const params = module.params.map((spec) => ({ ...spec, init: drawn }));
  const loss = (p: Tensors) => ({ loss: np.sum(p[params[0]?.name as string]?.ref as NonNullable<Tensors[string]>) });
  return {
    module,
    features,
    model: new Model({ name: "test", params, optimizer: { kind: "adam" }, loss }, new Rng(4)),
  };
}

const drawn = (shape: readonly number[], rng: Rng): Float32Array =>
  Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal() / 2);

/** Observations with many zeros, as games have them. */
const observations = (numbers: number): Float32Array => {
  const rng = new Rng(7);
  return Float32Array.from({ length: numbers }, () => (rng.uniform() < 0.6 ? 0 : rng.uniform()));
};

const KINDS: readonly [string, Space, string, Settings][] = [
  ["dense layers and ReLU", LINE, "mlp", {}],
  ["dense layers and tanh", LINE, "mlp", { activation: "tanh" }],
  ["dense layers and the square of ReLU", LINE, "mlp", { activation: "relu2" }],
  ["layer normalisation and two heads", LINE, "mlp", { norm: true, dueling: true }],
  ["two heads with 4 quantiles an action", LINE, "mlp", { dueling: true, width: 4 }],
  ["a convolution", GRID, "conv", {}],
  ["a convolution with layer normalisation", GRID, "conv", { norm: true }],
  ["one-hot observations", discrete(9), "mlp", {}],
];

describe("a net on the host", () => {
  it.each(KINDS)("gives the values of the compiled net to 1e-5: %s", (_, space, kind, settings) => {
    const { module, features, model } = netOf(space, kind, settings);
    const rows = 3;
    const obs = space.kind === "discrete" ? Int32Array.of(8, 0, 3) : observations(rows * (space === GRID ? 60 : 7));
    const compiled = onRows(model, module)(rowsOf(features, obs, rows));
    const host = module.onHost?.(model.borrowed, rowsOf(features, obs, rows, rows).data as Float32Array, rows);
    expect(host).toHaveLength(rows * module.outputs);
    for (const [i, value] of (host ?? []).entries())
      expect(Math.abs(value - (compiled[i] as number))).toBeLessThan(1e-5);
  });

  it("is not there for experts, which are looked at by compiled kernels alone", () => {
    const { module, features, model } = netOf(LINE, "moe");
    expect(module.onHost).toBeUndefined();
    expect(evaluator(model, module, features)(observations(7), 1)).toHaveLength(8 * 3);
  });
});

describe("values of observations", () => {
  it("are the same for a row alone and among 9 others, of which the compiled net takes care", () => {
    const { module, features, model } = netOf(GRID, "conv");
    const look = evaluator(model, module, features);
    const obs = observations(10 * 60);
    const all = look(obs, 10);
    for (let row = 0; row < 10; row++) {
      const alone = look(obs.subarray(row * 60, (row + 1) * 60), 1);
      expect(alone).toHaveLength(3);
      for (const [a, value] of alone.entries())
        expect(Math.abs(value - (all[row * 3 + a] as number))).toBeLessThan(1e-5);
    }
  });

  it("stay as they were given when others are asked for", () => {
    const { module, features, model } = netOf(LINE, "mlp");
    const look = evaluator(model, module, features);
    const first = look(observations(7), 1);
    const before = [...first];
    look(new Float32Array(7).fill(5), 1);
    expect([...first]).toEqual(before);
  });

  it("follow the parameters from one step to the next", () => {
    const { module, features, model } = netOf(LINE, "mlp");
    const look = evaluator(model, module, features);
    const before = look(observations(7), 1);
    model.step({}, 0.5);
    const [after, compiled] = [look(observations(7), 1), onRows(model, module)(rowsOf(features, observations(7), 1))];
    expect([...after]).not.toEqual([...before]);
    for (const [a, value] of after.entries()) expect(Math.abs(value - (compiled[a] as number))).toBeLessThan(1e-5);
  });
});

describe("rows written to the same memory", () => {
  it("are zero behind a batch that is shorter than the last", () => {
    const write = rowWriter(featuresFor({ net: "mlp" }, LINE, "test"));
    const obs = observations(21);
    write(obs, 3, 4);
    expect(write(obs, 1, 4)).toEqual({
      data: Float32Array.of(...obs.subarray(0, 7), ...new Float32Array(21)),
      shape: [4, 7],
    });
  });
});
