/** Evolution strategies (Salimans et al., 2017, arXiv:1703.03864): perturbed policies play whole episodes side by side, and the weights move towards those that did well. */
import { int, list, real } from "dojang/env";
import { GymError } from "dojang/protocol";
import { concatMap } from "rxjs";
import { featuresOf, numericSpace } from "./nets/features.ts";
import { hostMlp } from "./nets/host-mlp.ts";
import { descend, globalNorm } from "./nets/optimizer.ts";
import { policyHead, policySpace } from "./nets/policy.ts";
import { defineAgent, type Metrics } from "./shared/agent.ts";
import { fieldsOf, type Saveable } from "./shared/plain.ts";
import { Population } from "./shared/population.ts";
import { linear, ramp } from "./shared/schedule.ts";
import { ReturnCounter } from "./streams/episode-returns.ts";
import type { Act } from "./streams/rollout.ts";
import type { Transitions } from "./streams/transitions.ts";

export const evolutionStrategies = defineAgent({
  id: "evolution-strategies",
  summary:
    "Evolution strategies: moves weights towards perturbed copies that earn more, without gradients (Salimans et al., 2017)",
  spaces: { observation: numericSpace, action: policySpace },
  config: {
    hidden: list(int(16, { min: 1, max: 4096 }), [16], { maxLength: 8, doc: "widths of the dense layers" }),
    population: int(32, { min: 2, max: 100_000, doc: "perturbed policies in a generation, in mirrored pairs" }),
    episodes: int(1, { min: 1, max: 10_000, doc: "episodes that each of them plays, at least" }),
    sigma: real(0.1, { min: 1e-9, max: 1e3, doc: "deviation of the noise on each weight" }),
    learningRate: ramp({ from: 0.05, to: 0.05, over: 0 }, { min: 0, max: 10, doc: "step size of Adam" }),
    decay: real(0.005, { min: 0, max: 1, doc: "share of the weights taken away with each step, times the step size" }),
  },
  needs: ["generation", "member"],
  build(config, { observation, action }, { id, clock, rng }) {
    const { population: size, episodes, sigma, decay } = config;
    if (size % 2 !== 0)
      throw new GymError("BAD_PARAM", `${id}: param population`, { expected: "an even number: pairs", received: size });
    const features = featuresOf(observation, `${id}: observation space`);
    const head = policyHead(action);
    const net = hostMlp([features.size, ...config.hidden, head.outputs]);
    const theta = new Weights(net.init(rng("init")));
    const population = new Population({ size, episodes, sigma, rng: rng("noise") }, () => theta.values);
    const returns = new ReturnCounter();
    const zeros = new Float32Array(head.width);

    /** Actions of `n` rows, each with weights of its own. Nothing is drawn: what explores are the weights. */
    const choose = ({ obs, n, mask }: Parameters<Act>[0], weightsOf: (row: number) => Float32Array) => {
      const inputs = new Float32Array(n * features.size);
      features.write(obs, n, inputs);
      const outputs = new Float32Array(n * head.outputs);
      for (let row = 0; row < n; row++) net.forward(weightsOf(row), inputs, outputs, row);
      return head.draw(outputs, n, zeros, mask).action;
    };
    const act: Act = (view) => {
      const seats = Array.from(view.env, (env, row) => population.seat(env, view.first[row] === 1));
      return {
        action: choose(view, (row) => (seats[row] as (typeof seats)[number]).weights),
        generation: Int32Array.from(seats, ({ generation }) => generation),
        member: Int32Array.from(seats, ({ member }) => member),
      };
    };

    const step = (): Metrics => {
      const learningRate = linear(config.learningRate, clock.steps);
      const fitness = population.fitness();
      const gradNorm = theta.climb(population.slope(), learningRate, decay);
      population.renew();
      const mean = fitness.reduce((sum, one) => sum + one, 0) / size;
      return {
        fitness: mean,
        bestFitness: Math.max(...fitness),
        gradNorm,
        generation: population.generation,
        learningRate,
      };
    };
    const learn = (batch: Transitions): Metrics[] => {
      const { generation, member } = batch.extras as Record<string, Int32Array>;
      let complete = false;
      for (const { env, return: total } of returns.count(batch)) {
        const row = batch.env.indexOf(env);
        complete = population.book(Number(generation?.[row]), Number(member?.[row]), total) || complete;
      }
      return complete ? [step()] : [];
    };
    return {
      act,
      policy: (view) => ({ action: choose(view, () => theta.values) }),
      learn: concatMap(learn),
      checkpoint: { theta, population, returns },
    };
  },
});

/** The weights in the middle of the population, with Adam's moments. */
class Weights implements Saveable {
  values: Float32Array;
  #m: Float32Array;
  #v: Float32Array;
  #steps = 0;

  constructor(values: Float32Array) {
    this.values = values;
    [this.#m, this.#v] = [values.map(() => 0), values.map(() => 0)];
  }

  /** One step up the slope. @returns the norm of the slope */
  climb(slope: Float32Array, rate: number, decay: number): number {
    const gradients = { theta: slope.map((value) => -value) };
    const norm = globalNorm(gradients);
    const moments = { m: { theta: this.#m }, v: { theta: this.#v } };
    descend({ kind: "adam", decay }, { theta: this.values }, gradients, moments, { norm, rate, t: ++this.#steps });
    return norm;
  }

  save() {
    return { values: this.values.slice(), m: this.#m.slice(), v: this.#v.slice(), steps: this.#steps };
  }

  load(state: Parameters<Saveable["load"]>[0]): void {
    const { values, m, v, steps } = fieldsOf(state);
    this.values = (values as Float32Array).slice();
    [this.#m, this.#v] = [(m as Float32Array).slice(), (v as Float32Array).slice()];
    this.#steps = steps as number;
  }
}
