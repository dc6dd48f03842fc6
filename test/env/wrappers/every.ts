/** Every wrapper with arguments that suit many envs, and which rules it fits. */
import * as w from "../../../src/env/index.ts";
import type { AnyRules, Box, Rules, Space } from "../../../src/env/index.ts";
import { erased } from "../../../src/env/wrappers/plumbing.ts";

export type Wrapper = (rules: AnyRules) => object;
/** The same for wrapEnv, which names the types as far as they are known; comparing them with the erased ones is too deep for the compiler. */
export const wrapperOf = (wrap: Wrapper) => (rules: w.UnknownRules) => wrap(erased(rules));
/** Rules with a box to see, or to act in: `fits` has looked. */
const seen = (rules: AnyRules): Rules<unknown, Space, Box> => rules as never;
const acted = (rules: AnyRules): Rules<unknown, Box<"float32">> => rules as never;
const any = (rules: AnyRules): Rules<unknown> => rules as never;
const discrete = (rules: AnyRules): Rules<unknown, Space, w.Discrete> => rules as never;

const seesBox = ({ observation }: AnyRules): boolean => observation.kind === "box";
const actsInReals = ({ action }: AnyRules): boolean => action.kind === "box";
const always = (): boolean => true;
/** Nothing in it whose size differs from value to value. */
const hasFixedSize = (space: Space): boolean => {
  if (space.kind === "dict") return Object.values(space.fields).every(hasFixedSize);
  if (space.kind === "tuple") return space.items.every(hasFixedSize);
  return space.kind !== "text" && space.kind !== "sequence" && space.kind !== "oneOf";
};

export const WRAPPERS: Readonly<
  Record<string, { readonly fits: (rules: AnyRules) => boolean; readonly wrap: Wrapper }>
> = {
  timeLimit: { fits: always, wrap: (r) => w.timeLimit(any(r), 7) },
  frameStack: { fits: seesBox, wrap: (r) => w.frameStack(seen(r), 3) },
  zeroPadded: { fits: seesBox, wrap: (r) => w.frameStack(seen(r), 2, { padding: "zero" }) },
  normalizeObservation: { fits: seesBox, wrap: (r) => w.normalizeObservation(seen(r), { clip: 10 }) },
  normalizeReward: { fits: always, wrap: (r) => w.normalizeReward(any(r)) },
  clipReward: { fits: always, wrap: (r) => w.clipReward(any(r), -0.5, 0.5) },
  transformReward: { fits: always, wrap: (r) => w.transformReward(any(r), (reward) => 2 * reward + 1) },
  clipAction: { fits: actsInReals, wrap: (r) => w.clipAction(acted(r)) },
  rescaleAction: {
    fits: ({ action }) => action.kind === "box" && [action.low, action.high].flat().every(Number.isFinite),
    wrap: (r) => w.rescaleAction(acted(r)),
  },
  flattenObservation: {
    fits: ({ observation }) => hasFixedSize(observation),
    wrap: (r) => w.flattenObservation(any(r)),
  },
  oneHot: { fits: ({ observation }) => observation.kind === "discrete", wrap: (r) => w.oneHot(discrete(r)) },
  stickyActions: { fits: always, wrap: (r) => w.stickyActions(any(r), 0.5) },
  actionRepeat: { fits: always, wrap: (r) => w.actionRepeat(any(r), 3) },
  rewardShaping: { fits: always, wrap: (r) => w.rewardShaping(any(r), (state) => JSON.stringify(state).length) },
  episodeStatistics: {
    fits: ({ infoSpace }) => infoSpace?.kind !== "dict" || !("episode" in infoSpace.fields),
    wrap: (r) => w.episodeStatistics(any(r)),
  },
  timeAwareObservation: {
    fits: (r) => seesBox(r) && r.maxSteps !== undefined,
    wrap: (r) => w.timeAwareObservation(seen(r)),
  },
};
