/** Experts: who is sent where, that both ways to compute them agree, that loads are counted right and become even. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import { jit, np, type Tensor, type Tensors } from "../../../agents/nets/backend.ts";
import { decoder } from "../../../agents/nets/decoder/decoder.ts";
import {
  ExpertBalance,
  loadEntropy,
  loadsOf,
  maxViolation,
  sequenceBalance,
} from "../../../agents/nets/moe-balance.ts";
import { chooseExperts } from "../../../agents/nets/moe-choice.ts";
import { denseTwin, sizeOfNet } from "../../../agents/nets/moe-cost.ts";
import { gatesOf, route, type RouteOptions } from "../../../agents/nets/moe-route.ts";
import { moe, type MoeShape, type Use } from "../../../agents/nets/moe.ts";
import { Model } from "../../../agents/nets/model.ts";
import { upload } from "./differences.ts";

const normals = (length: number, seed: number, scale = 1): Float32Array => {
  const rng = new Rng(seed);
  return Float32Array.from({ length }, () => scale * rng.normal());
};
const numbers = (value: Tensor): number[] => Array.from(value.dataSync());
const rowsOf = (values: readonly number[], width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, row) => values.slice(row * width, (row + 1) * width));

/** What `route` decides for logits [rows, experts]. */
function decide(logits: Float32Array, bias: Float32Array, options: RouteOptions) {
  const rows = logits.length / options.experts;
  const routing = route(upload(logits, [rows, options.experts]), upload(bias, [options.experts]), options);
  const gates = rowsOf(numbers(gatesOf(routing, options)), options.active);
  return { chosen: rowsOf(numbers(routing.chosen), options.active), gates, scores: rowsOf(numbers(routing.scores), options.experts) }; // prettier-ignore
}

const ROUTES: readonly RouteOptions[] = [
  { experts: 4, active: 2 },
  { experts: 1, active: 1 },
  { experts: 32, active: 2, routeScale: 2.5 },
  { experts: 8, active: 8 },
  { experts: 16, active: 3, groups: 4, activeGroups: 2 },
  { experts: 6, active: 2, groups: 6, activeGroups: 3, routeScale: 0.5 },
];

describe("a router", () => {
  it.each(ROUTES)(
    "sends each of 50 tokens to different experts, with gates that sum to the route scale: %j",
    (options) => {
      const { experts, active, routeScale = 1 } = options;
      const { chosen, gates, scores } = decide(normals(50 * experts, 1), normals(experts, 2, 0.2), options);
      for (const [row, picks] of chosen.entries()) {
        expect(new Set(picks).size).toBe(active);
        expect(picks.every((e) => e >= 0 && e < experts)).toBe(true);
        const sum = picks.reduce((total, e) => total + scores[row]![e]!, 0);
        expect(gates[row]!.reduce((total, gate) => total + gate, 0)).toBeCloseTo(routeScale, 5);
        picks.forEach((e, k) => expect(gates[row]![k]).toBeCloseTo((routeScale * scores[row]![e]!) / sum, 5));
      }
    },
  );

  it.each(ROUTES)("decides on the host as on the device: %j", (options) => {
    const [logits, bias] = [normals(50 * options.experts, 3), normals(options.experts, 4, 0.2)];
    const { chosen, gates } = decide(logits, bias, options);
    const host = chooseExperts(logits, bias, 50, options);
    expect(Array.from(host.chosen)).toEqual(chosen.flat());
    expect(Math.max(...gates.flat().map((gate, i) => Math.abs(gate - host.gates[i]!)))).toBeLessThan(1e-6);
  });

  it("lets a bias select an expert without changing the scores that become its gate", () => {
    const logits = Float32Array.of(2, 1, -3);
    const score = (x: number): number => 1 / (1 + Math.exp(-x));
    const options = { experts: 3, active: 2 };
    expect(decide(logits, new Float32Array(3), options).chosen).toEqual([[0, 1]]);
    const { chosen, gates } = decide(logits, Float32Array.of(0, 0, 5), options);
    expect(chosen).toEqual([[2, 0]]);
    expect(gates[0]![0]).toBeCloseTo(score(-3) / (score(-3) + score(2)), 6);
  });

  it("goes only to the 2 groups whose two best experts have the largest sum", () => {
    // Groups of two: the best single expert stands in a group whose second is far below.
    const logits = Float32Array.of(4, -9, 2, 2, 1.5, 1.5, -1, -1);
    const { chosen } = decide(logits, new Float32Array(8), { experts: 8, active: 3, groups: 4, activeGroups: 2 });
    expect(new Set(chosen[0])).toEqual(new Set([2, 3, 4]));
  });

  it("takes the first of equal experts, and two different ones", () => {
    const options = { experts: 4, active: 2 };
    expect(decide(new Float32Array(8), new Float32Array(4), options).chosen).toEqual([[0, 1], [0, 1]]); // prettier-ignore
  });

  it.each([
    [{ experts: 4, active: 5 }, /active: expected 1 to 4/],
    [{ experts: 4, active: 0 }, /active: expected 1 to 4/],
    [{ experts: 6, active: 2, groups: 4 }, /groups: expected a divisor of 6/],
    [{ experts: 8, active: 2, groups: 4, activeGroups: 5 }, /activeGroups: expected 1 to 4/],
    [
      { experts: 8, active: 3, groups: 4, activeGroups: 1 },
      /active: expected 1 to 2, the experts that a token can reach/,
    ],
  ])("refuses %j in one line", (options, message) => {
    expect(() => moe({ name: "ffn", width: 4, hidden: 4, ...options })).toThrow(message);
  });
});

/** Outputs of one layer computed each way, for the same parameters. */
function bothWays(shape: MoeShape, rows: number, seed: number, bias?: Float32Array) {
  const values = new Map<string, Float32Array>();
  const [width, x] = [8, normals(rows * 8, seed + 1)];
  return (["dense", "grouped"] as const).flatMap((dispatch) => {
    const layer = moe({ name: "ffn", width, ...shape, dispatch });
    for (const { name, shape: own, init } of layer.params)
      if (!values.has(name)) values.set(name, name === "ffn.bias" && bias ? bias : init(own, new Rng(seed)));
    const load = (): Tensors => Object.fromEntries(layer.params.map(({ name, shape: own }) => [name, upload(values.get(name)!, own)])); // prettier-ignore
    return (["train", "look"] as const).map((use: Use) =>
      numbers(
        jit((p: Tensors, input: Tensor) => {
          const { out, routing } = layer.forward(p, input, use);
          for (const value of [...Object.values(p), routing.scores, routing.chosen]) value.dispose();
          return out;
        })(load(), upload(x, [rows, width])),
      ),
    );
  });
}

const furthest = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);

describe("an expert layer", () => {
  it.each([
    [{ experts: 32, active: 2, hidden: 8 }, 100],
    [{ experts: 8, active: 3, hidden: 5, shared: 2 }, 64],
    [{ experts: 3, active: 1, hidden: 4, shared: 0, routeScale: 2.5 }, 301],
    [{ experts: 64, active: 4, hidden: 4, groups: 8, activeGroups: 3 }, 33],
    [{ experts: 8, active: 2, hidden: 8 }, 1],
  ])("gives, in blocks, within 1e-4 the sum over all experts: %j, %i tokens", (shape, rows) => {
    const [all, ...others] = bothWays(shape, rows, 5);
    expect(Math.max(...all!.map(Math.abs))).toBeGreaterThan(0.5);
    for (const other of others) expect(furthest(all!, other)).toBeLessThan(1e-4);
  });

  it("drops no token when all 130 are sent to the same 2 of 16 experts", () => {
    const bias = Float32Array.from({ length: 16 }, (_, e) => (e === 3 || e === 15 ? 10 : 0));
    const [all, ...others] = bothWays({ experts: 16, active: 2, hidden: 8, shared: 0 }, 130, 6, bias);
    expect(rowsOf(all!, 8).every((row) => row.some((value) => Math.abs(value) > 1e-3))).toBe(true);
    for (const other of others) expect(furthest(all!, other)).toBeLessThan(1e-4);
  });

  it("has, with 4 of which 2 are active, 117,576 parameters in a small decoder, and 84,808 for a token", () => {
    const shape = { experts: 4, active: 2, hidden: 64 };
    const options = { vocab: 16, width: 64, layers: 2, heads: 4, context: 12, moe: shape };
    const size = sizeOfNet(decoder(options).params, shape);
    // 2 layers of 4 x 64 x 64 (attention), 64 x 4 + 4 (router), 5 x 2 x 64 x 64 (experts), 2 norms; 2 x 16 x 64 outside, one norm.
    expect(2 * (16_384 + 260 + 40_960 + 128) + 2_048 + 64).toBe(117_576);
    expect(size).toEqual({ total: 117_576, active: 117_576 - 2 * 2 * 8_192 });
    const twin = denseTwin(options);
    expect(twin).toMatchObject({ ffn: 192 });
    expect(twin).not.toHaveProperty("moe");
    const dense = sizeOfNet(decoder(twin).params);
    expect(Math.abs(dense.active / size.active - 1)).toBeLessThan(0.01);
  });
});

describe("loads", () => {
  const options = { experts: 3, active: 2 };
  const logits = Float32Array.of(3, 2, 1, 3, 1, 2, 1, 2, 3, 9, 9, 0);

  it("count each expert of each token, by kind, and none of padding", () => {
    const routing = route(upload(logits, [4, 3]), np.zeros([3]), options);
    // Kinds: tokens 0 and 1, token 2; token 3 fills up.
    const loads = loadsOf(routing, upload(Float32Array.of(1, 0, 1, 0, 0, 1, 0, 0), [4, 2]));
    expect(rowsOf(numbers(loads), 3)).toEqual([[2, 1, 1], [0, 1, 1]]); // prettier-ignore
  });

  it.each([
    [[5, 5, 5, 5], 0, 1],
    [[10, 0, 0, 0], 3, 0],
    [[3, 1], 0.5, 0.8112781],
  ])("%j have the violation %d and the entropy %d", (loads, violation, entropy) => {
    expect(maxViolation(loads)).toBeCloseTo(violation, 6);
    expect(loadEntropy(loads)).toBeCloseTo(entropy, 6);
  });

  it("have neither where no token was sent", () => {
    expect([maxViolation([0, 0]), loadEntropy([0, 0])]).toEqual([NaN, NaN]);
  });

  it("make a sequence-wise loss of 1 when they are even, and of 1.5 when two of three experts get all", () => {
    const even = Float32Array.of(1, 1, -9, -9, 1, 1, 1, -9, 1);
    const loss = (rows: Float32Array, weight: number[]): number => {
      const routing = route(upload(rows, [3, 3]), np.zeros([3]), options);
      return numbers(sequenceBalance(routing, upload(Float32Array.from(weight), [1, 3])))[0]!;
    };
    expect(loss(even, [1, 1, 1])).toBeCloseTo(1, 4);
    expect(loss(Float32Array.of(40, 40, -40, 40, 40, -40, 40, 40, -40), [1, 1, 1])).toBeCloseTo(1.5, 4);
    // The second and third tokens fill up: what they would have been sent counts for nothing.
    expect(loss(Float32Array.of(40, 40, -40, -40, 40, 40, 40, -40, 40), [1, 0, 0])).toBeCloseTo(1.5, 4);
  });
});

describe("the balance", () => {
  const shape = { experts: 4, active: 2, hidden: 4 };
  const net = decoder({ vocab: 6, width: 8, layers: 2, heads: 2, context: 8, moe: shape, pad: 0 });
  const modelOf = () =>
    new Model(
      { name: "net", params: net.params, optimizer: { kind: "adam" }, loss: (p, { tokens }) => ({ loss: np.sum(net.apply(p, tokens!)) }) }, // prettier-ignore
      new Rng(8),
    );

  it("moves each bias of each layer by the rate, towards the mean load", () => {
    const model = modelOf();
    const balance = new ExpertBalance(net.routed, 4, 0.01);
    balance.count([6, 2, 4, 4, 1, 1, 1, 1]);
    balance.count([6, 2, 4, 4, 1, 1, 1, 1]);
    const report = balance.update(model);
    expect(Array.from(model.values("layers.0.ffn.bias"))).toEqual([-0.01, 0.01, 0, 0].map(Math.fround));
    expect(Array.from(model.values("layers.1.ffn.bias"))).toEqual([0, 0, 0, 0]);
    expect(report.max_violation).toBeCloseTo(0.25, 6);
    // Counted anew: a second update without tokens moves nothing.
    expect(balance.update(model).max_violation).toBeNaN();
    expect(model.values("layers.0.ffn.bias")[0]).toBeCloseTo(-0.01, 6);
  });

  it("evens out a router that sends everything to two experts: violation 1 before, below 0.3 after 120 updates", () => {
    const model = modelOf();
    for (const name of net.routed) model.transfer({ [`${name}.bias`]: { data: Float32Array.of(1.5, 1.5, 0, 0), shape: [4] } }); // prettier-ignore
    const look = model.compile<{ tokens: { data: Int32Array; shape: number[] } }, "loads">((p, { tokens }) => {
      const { logits, experts } = net.forward(p, tokens);
      logits.dispose();
      experts!.loss.dispose();
      return { loads: experts!.loads };
    });
    const rng = new Rng(9);
    const balance = new ExpertBalance(net.routed, 4, 0.02);
    let [first, last] = [0, 0];
    for (let update = 0; update < 120; update++) {
      // A third of each row is padding, which is always sent to the same experts and must not count.
      const tokens = Int32Array.from({ length: 32 * 8 }, (_, i) => (i % 8 < 6 ? 1 + rng.int(5) : 0));
      const { loads } = look({ tokens: { data: tokens, shape: [32, 8] } });
      expect(loads.reduce((sum, load) => sum + load, 0)).toBe(2 * 2 * 32 * 6);
      balance.count(loads);
      last = balance.update(model).max_violation;
      if (update === 0) first = last;
    }
    expect(first).toBe(1);
    expect(last).toBeLessThan(0.3);
  });
});
