/** The k-armed bandit testbed: arms with unknown mean rewards, drawn anew for each episode. Source: Sutton & Barto (2018), section 2.3. */
import { box, defineEnv, dict, discrete, int, real, rules } from "dojang/env";
import { renderIn, renderMode } from "../shared/render-mode.ts";
import { banditPixels } from "./pixels.ts";

export interface BanditState {
  /** Mean reward of each arm. */
  means: number[];
  /** The last arm pulled; -1 after a reset. */
  arm: number;
  /** What it paid. */
  paid: number;
  /** By how much its mean was below the best. */
  regret: number;
  pulls: number;
}

/** The arm, what it paid, and nothing of the means: they are what the agent has to find. */
const banditText = ({ arm, paid, pulls }: BanditState): string =>
  arm < 0 ? "no pull yet" : `pull ${pulls}: arm ${arm} paid ${paid.toFixed(3)}`;

export default defineEnv({
  id: "Bandit-v0",
  version: "1",
  description: "Pull the best of several arms whose mean rewards are drawn anew for each episode.",
  params: {
    arms: int(10, { min: 1, max: 1_000, doc: "Number of arms." }),
    steps: int(1_000, { min: 1, max: 1_000_000, doc: "Pulls in an episode." }),
    noise: real(1, { min: 0, max: 1_000, doc: "Standard deviation of an arm's reward." }),
    drift: real(0, { min: 0, max: 1_000, doc: "Standard deviation by which each mean moves after each pull." }),
    renderMode,
  },
  build: ({ arms, steps, noise, drift, renderMode }) =>
    rules({
      action: discrete(arms),
      observation: discrete(1),
      maxSteps: steps,
      infoSpace: dict({ regret: box([], 0, Infinity, "float64"), optimal: discrete(2) }),
      reset: (rng): BanditState => ({
        means: Array.from({ length: arms }, () => rng.normal()),
        arm: -1,
        paid: 0,
        regret: 0,
        pulls: 0,
      }),
      step(state, arm, rng) {
        const mean = state.means[arm]!;
        state.arm = arm;
        state.paid = mean + noise * rng.normal();
        state.regret = Math.max(...state.means) - mean;
        state.pulls++;
        if (drift > 0) state.means = state.means.map((value) => value + drift * rng.normal());
        return { state, reward: state.paid, terminated: false };
      },
      observe: () => 0,
      info: ({ regret, arm }) => ({ regret: Float64Array.of(regret), optimal: Number(arm >= 0 && regret === 0) }),
      render: renderIn(renderMode, { text: banditText, rgb: (state) => banditPixels(banditText(state), state) }),
    }),
});
