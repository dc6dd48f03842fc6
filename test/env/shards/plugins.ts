/** Plugins for the tests of batches in several threads: a module, because the threads load it themselves. */
import { box, defineEnv, dict, discrete, flag, rules, text } from "dojang/env";
import { GymError } from "dojang/protocol";

interface Mood {
  steps: number;
  luck: number;
}

/** Fails, ends, pays in parts and shows a mask and info, by luck; options choose the first luck. */
const moody = defineEnv({
  id: "Moody-v0",
  build: () =>
    rules({
      action: discrete(3),
      observation: dict({ luck: discrete(100), place: box([2], 0, 1, "float64") }),
      infoSpace: discrete(1_000),
      maxSteps: 9,
      reset(rng, options): Mood {
        const luck = typeof options === "number" ? options : rng.int(100);
        if (luck < 5) throw new GymError("VERIFIER_UNAVAILABLE", "not now");
        if (luck < 10) throw new Error("never");
        return { steps: 0, luck };
      },
      step(state, action, rng) {
        state.steps++;
        state.luck = rng.int(100);
        if (state.luck < 5) throw new Error("bad luck");
        const terminated = state.luck > 90;
        const rewards = state.luck > 60 ? { base: 1, bonus: action } : undefined;
        return { state, reward: state.luck, terminated, ...(rewards && { rewards }) };
      },
      observe(state, { place }) {
        place[0] = state.luck / 100;
        place[1] = state.steps / 100;
        return { luck: state.luck };
      },
      legal: ({ luck }) => [true, luck > 20, luck > 40],
      info: ({ steps }) => steps,
      render: ({ luck }) => `luck ${luck}`,
    }),
});

/** Takes down its thread, or never comes back: in the action that says so. */
const fatal = defineEnv({
  id: "Fatal-v0",
  params: { loops: flag(false) },
  build: ({ loops }) =>
    rules({
      action: discrete(2),
      observation: discrete(2),
      reset: () => 0,
      step(state: number, action: number) {
        while (action === 1 && loops);
        if (action === 1) process.exit(3);
        return { state, reward: 0, terminated: false };
      },
      observe: (state) => state,
    }),
});

const wordy = defineEnv({
  id: "Wordy-v0",
  build: () =>
    rules({
      action: discrete(2),
      observation: text({ maxLength: 3 }),
      reset: () => 0,
      step: (state: number) => ({ state, reward: 0, terminated: false }),
      observe: () => "abc",
    }),
});

const patient = defineEnv({
  id: "Patient-v0",
  build: () =>
    rules({
      action: discrete(2),
      observation: discrete(2),
      async: true,
      reset: () => Promise.resolve(0),
      step: (state: number) => ({ state, reward: 0, terminated: false }),
      observe: (state) => state,
    }),
});

export default [moody, fatal, wordy, patient];
