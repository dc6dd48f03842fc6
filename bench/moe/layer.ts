/** Time of one expert layer, forward and with its gradient, for several numbers of experts in turn: a neighbour on the machine slows all alike. */
import { Rng } from "dojang/env";
import { np } from "../../agents/nets/backend.ts";
import type { HostTensor } from "../../agents/nets/host-tensor.ts";
import { moe, type MoeOptions } from "../../agents/nets/moe.ts";
import { Model } from "../../agents/nets/model.ts";

interface Inputs extends Record<string, HostTensor> {
  readonly x: HostTensor;
}

export interface LayerTimes {
  /** CPU milliseconds, medians. */
  readonly forward: number;
  readonly both: number;
  /** Largest difference from the sum over all experts, computed as one matmul. */
  readonly error: number;
}

/** Layers of equal experts, top-2, that differ in their number alone. */
export function timeLayers(counts: readonly number[], tokens: number, width: number, rounds: number): LayerTimes[] {
  const rng = new Rng(1);
  const data = Float32Array.from({ length: tokens * width }, () => rng.normal());
  const inputs = { x: { data, shape: [tokens, width] } };
  const layers = counts.map((experts) => {
    const options: MoeOptions = { name: "moe", width, hidden: width, experts, active: 2, dispatch: "grouped" };
    return layerOf(options, inputs);
  });
  for (const { forward, both } of layers) warmUp(forward, both);
  const times = layers.map(() => ({ forward: new Array<number>(), both: new Array<number>() }));
  for (let round = 0; round < rounds; round++)
    layers.forEach((layer, i) => {
      times[i]!.forward.push(cpuMs(layer.forward));
      times[i]!.both.push(cpuMs(layer.both));
    });
  return times.map(({ forward, both }, i) => ({ forward: median(forward), both: median(both), error: layers[i]!.error() })); // prettier-ignore
}

function layerOf(options: MoeOptions, inputs: Inputs) {
  const model = modelOf(options);
  const dense = modelOf({ ...options, dispatch: "dense" });
  dense.model.transfer(model.model.weights());
  return {
    forward: () => model.look(inputs).out,
    both: () => model.model.differentiate(inputs),
    error() {
      const [ours, theirs] = [model.look(inputs).out, dense.look(inputs).out];
      return ours.reduce((worst, value, i) => Math.max(worst, Math.abs(value - theirs[i]!)), 0);
    },
  };
}

function modelOf(options: MoeOptions) {
  const layer = moe(options);
  const model = new Model<Inputs>(
    {
      name: "moe",
      params: layer.params,
      optimizer: { kind: "adam" },
      loss(p, { x }) {
        const out = layer.apply(p, x);
        return { loss: np.mean(out.ref.mul(out)) };
      },
    },
    new Rng(2),
  );
  const look = model.compile<Inputs, "out">((p, { x }) => {
    const { out, routing } = layer.forward(p, x, "look");
    routing.scores.dispose();
    routing.chosen.dispose();
    return { out };
  });
  return { model, look };
}

/** Calls until all is compiled. */
export function warmUp(...works: readonly (() => unknown)[]): void {
  for (let round = 0; round < 5; round++) for (const work of works) work();
}

export function cpuMs(work: () => unknown): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000;
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
