/** Rules that compare whole episodes with one another. */
import { MAX_SEED } from "../../../protocol/seed.ts";
import { inWorld } from "./globals.ts";
import { advance, begin, firstDivergence, goOn, play, type Instance, type Seen } from "./play.ts";
import { Broken, type CheckRule, type Subject } from "./rule.ts";

const DAY_MS = 86_400_000;

/** Where verdicts may depend on time, only what a reset shows can be compared. */
const comparable = ({ plugin }: Subject, trace: readonly Seen[]): readonly Seen[] =>
  plugin.deterministic === false ? trace.slice(0, 1) : trace;

const usesNoHiddenInput: CheckRule = {
  name: "usesNoHiddenInput",
  needs: ["stepGivesATransition"],
  async check(subject) {
    const asked = new Set<string>();
    const playIn = (ahead: number, seed: number): Promise<Seen[]> =>
      inWorld({ ahead, seed }, asked, async () => play(await subject.rebuild(), 1, subject.share, subject.limits));
    const here = comparable(subject, await playIn(0, 1));
    const there = comparable(subject, await playIn(1_000 * DAY_MS + 12_345, 2));
    const difference = firstDivergence(here, there);
    if (difference === undefined) return;
    const names = asked.size === 0 ? "the clock or Math.random" : [...asked].join(", ");
    throw new Broken(
      `seed 1, ${difference}: the episode depends on ${names}`,
      "Draw from the rng that reset and step are given.",
    );
  },
};

const sameSeedSameEpisode: CheckRule = {
  name: "sameSeedSameEpisode",
  needs: ["usesNoHiddenInput", "hooksArePure"],
  async check(subject) {
    const { rules, share, limits } = subject;
    const first = comparable(subject, await play(rules, 1, share, limits));
    for (const other of [rules, await subject.rebuild()]) {
      const again = comparable(subject, await play(other, 1, share, limits));
      const difference = firstDivergence(first, again);
      const hint = "Keep all that changes in the state, and draw only from the given rng.";
      if (difference !== undefined) throw new Broken(`seed 1, played twice, ${difference}`, hint);
    }
  },
};

const seedZeroIsASeed: CheckRule = {
  name: "seedZeroIsASeed",
  needs: ["sameSeedSameEpisode"],
  async check({ rules, share, limits }) {
    for (const seed of [0, MAX_SEED]) {
      try {
        await play(rules, seed, Math.ceil(share / 4), limits);
      } catch (error) {
        const text = error instanceof Error ? error.message : "something";
        throw new Broken(`seed ${seed}: threw ${text}`, "Every integer in 0..2^53-1 is a seed, also 0.");
      }
    }
  },
};

const differentSeedsDiffer: CheckRule = {
  name: "differentSeedsDiffer",
  needs: ["sameSeedSameEpisode"],
  async check({ rules, share, limits, warn }) {
    const traces: Seen[][] = [];
    for (let seed = 1; seed <= 8; seed++) {
      // The actions are those of seed 1 each time: only the env's own draws may differ.
      const actions = (await begin(rules, 1, limits)).actions;
      const instance = { ...(await begin(rules, seed, limits)), actions };
      traces.push(await goOn(instance, Math.ceil(share / 4), limits));
    }
    const [first = [], ...others] = traces;
    if (others.some((trace) => firstDivergence(first, trace) !== undefined)) return;
    warn(
      "8 seeds gave the same episode for the same actions",
      "Fine for an env without chance; else draw from the given rng.",
    );
  },
};

/** Steps after which a snapshot is taken. */
const SNAPSHOTS: readonly number[] = [0, 1, 4, 20];

const snapshotEqualsContinuing: CheckRule = {
  name: "snapshotEqualsContinuing",
  needs: ["sameSeedSameEpisode", "stateIsPlainData"],
  async check(subject) {
    if (subject.plugin.deterministic === false) return;
    const { rules, limits, share } = subject;
    const copies: [step: number, copy: Instance][] = [];
    const trace: Seen[] = [];
    let instance = await begin(rules, 2, limits);
    for (let step = 0; step < 20 + share && !limits.overdue(); step++) {
      if (SNAPSHOTS.includes(step)) copies.push([step, restored(instance, await subject.rebuild())]);
      const [next, seen] = await advance(instance, limits);
      trace.push(seen);
      instance = next;
    }
    for (const [step, copy] of copies) {
      const difference = firstDivergence(trace.slice(step), await goOn(copy, share, limits), step + 1);
      const hint = "Keep all that changes in the state: a snapshot holds the state and the rng, nothing else.";
      if (difference !== undefined) throw new Broken(`seed 2, restored after step ${step}, ${difference}`, hint);
    }
  },
};

/** The instance as a snapshot would bring it back in another process. */
const restored = (instance: Instance, rules: Instance["rules"]): Instance => ({
  ...instance,
  rules,
  rng: instance.rng.clone(),
  actions: instance.actions.clone(),
  state: structuredClone(instance.state),
});

const instancesShareNothing: CheckRule = {
  name: "instancesShareNothing",
  needs: ["snapshotEqualsContinuing"],
  async check(subject) {
    if (subject.plugin.deterministic === false) return;
    const { limits, share } = subject;
    const alone = [
      await play(await subject.rebuild(), 1, share, limits),
      await play(await subject.rebuild(), 2, share, limits),
    ];
    const together = await playTogether(subject, [1, 2]);
    for (const [i, seed] of [1, 2].entries()) {
      const difference = firstDivergence(alone[i]?.slice(1) ?? [], together[i] ?? [], 1);
      const hint = "Make each state anew in reset: instances run side by side on the same rules.";
      if (difference !== undefined) throw new Broken(`seed ${seed}, played beside another, ${difference}`, hint);
    }
  },
};

/** Plays one step of each in turn. */
async function playTogether({ rules, share, limits }: Subject, seeds: readonly number[]): Promise<Seen[][]> {
  const instances: Instance[] = [];
  for (const seed of seeds) instances.push(await begin(rules, seed, limits));
  const traces = seeds.map((): Seen[] => []);
  for (let step = 0; step < share && !limits.overdue(); step++) {
    for (const [i, instance] of instances.entries()) {
      const [next, seen] = await advance(instance, limits);
      instances[i] = next;
      traces[i]?.push(seen);
    }
  }
  return traces;
}

export const EPISODE_RULES: readonly CheckRule[] = [
  usesNoHiddenInput,
  sameSeedSameEpisode,
  seedZeroIsASeed,
  differentSeedsDiffer,
  snapshotEqualsContinuing,
  instancesShareNothing,
];
