/** Wrapped plugins hold the plugin contract, one wrapper at a time and in random stacks, and snapshots of them go on as if nothing had happened. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleBatch } from "../../../protocol/space-values.ts";
import { buildRules, type AnyPlugin } from "../../../src/env/define.ts";
import * as w from "../../../src/env/index.ts";
import type { AnyRules } from "../../../src/env/index.ts";
import { BatchRunner } from "../../../src/env/runner.ts";
import { cloneFrame } from "../../../src/env/clone-frame.ts";
import { built } from "../runner-support.ts";
import { WRAPPERS, wrapperOf, type Wrapper } from "./every.ts";
import { later, pluginOf, slide } from "./support.ts";

const NAMES = Object.keys(WRAPPERS);

const slides: AnyPlugin = { id: "Slide-v0", build: slide };
/** Async, with a box to see. */
const flatLater = w.wrapEnv(later, "FlatLater-v0", (rules) => w.flattenObservation(rules));
const PLUGINS: readonly AnyPlugin[] = [
  ...["FrozenLake-v1", "Blackjack-v1", "CartPole-v1", "Taxi-v4"].map(pluginOf),
  slides,
  later,
  flatLater,
];
const HOST = { log: () => undefined };
const rulesOf = async (plugin: AnyPlugin): Promise<AnyRules> => buildRules(plugin, w.resolveParams(plugin, {}), HOST);

/** Every wrapper with the plugins that it fits. */
const cases: { name: string; plugin: AnyPlugin; id: string }[] = [];
for (const plugin of PLUGINS) {
  const rules = await rulesOf(plugin);
  for (const name of NAMES) if (WRAPPERS[name]!.fits(rules)) cases.push({ name, plugin, id: plugin.id });
}
const wrapped = ({ name, plugin }: { name: string; plugin: AnyPlugin }): AnyPlugin =>
  w.wrapEnv(plugin, "Wrapped-v0", wrapperOf(WRAPPERS[name]!.wrap));

it("tries every wrapper on at least one env", () => {
  expect(new Set(cases.map(({ name }) => name))).toEqual(new Set(NAMES));
});

describe("a wrapped env", () => {
  it.each(cases)("holds every rule: $name over $id", async (of) => {
    const { skipped } = await w.assertEnv(wrapped(of), { steps: 400 });
    expect(skipped).toEqual([]);
  });

  it.each(cases)("goes on after a snapshot as without: $name over $id", async (of) => {
    const env = built(await rulesOf(wrapped(of)));
    const runner = new BatchRunner(env, { num: 2, seed: 3, autoreset: "next-step" });
    await runner.reset();
    await play(runner, 5, 0);
    const snapshots = runner.snapshot();
    const going = await play(runner, 12, 50);
    const fresh = new BatchRunner(env, { num: 2, seed: 3, autoreset: "next-step" });
    await fresh.restore(snapshots);
    expect(await play(fresh, 12, 50)).toEqual(going);
  });
});

/** Frames of random, legal actions, without their timing. */
async function play(runner: BatchRunner, steps: number, seed: number): Promise<unknown[]> {
  const { rules } = runner.env;
  const frames: unknown[] = [];
  for (let k = 0; k < steps; k++) {
    // A component's choice 0 is legal in all of these envs at all times: refused rows change nothing and are equal too.
    const frame = await runner.step(sampleBatch(rules.action, 2, new w.Rng(seed + k)));
    frames.push({ ...cloneFrame(frame, rules.observation, rules.infoSpace), timing: 0, seq: 0 });
  }
  return frames;
}

describe("wrappers", () => {
  it.each(["CartPole-v1", "FrozenLake-v1", "Later-v0"])("stack in any order over %s", async (id) => {
    const plugin = PLUGINS.find((other) => other.id === id)!;
    const stacks = fc.array(fc.constantFrom(...NAMES), { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(stacks, async (names) => {
        const wrapper: Wrapper = (rules) =>
          names.reduce((inner, name) => {
            const { fits, wrap } = WRAPPERS[name]!;
            return fits(inner) ? (wrap(inner) as AnyRules) : inner;
          }, rules);
        const { skipped } = await w.assertEnv(w.wrapEnv(plugin, "Stack-v0", wrapperOf(wrapper)), { steps: 120 });
        expect(skipped).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });
});
