/** wrapEnv, what passes through every wrapper, and the types that come out. */
import { describe, expect, expectTypeOf, it } from "vitest";
import type { JsonValue } from "../../../protocol/frames.ts";
import { buildRules } from "../../../src/env/define.ts";
import {
  actionRepeat,
  box,
  clipReward,
  defineEnv,
  dict,
  discrete,
  episodeStatistics,
  flattenObservation,
  frameStack,
  int,
  normalizeReward,
  oneHot,
  resolveParams,
  rewardShaping,
  Rng,
  rules,
  stickyActions,
  timeLimit,
  wrapEnv,
  type AnyPlugin,
  type AnyRules,
  type Box,
  type Dict,
  type Discrete,
  type Plugin,
} from "../../../src/env/index.ts";
import { doors, hand, ramp } from "./support.ts";

const HOST = { log: () => undefined };

/** Counts to `length`; tells of the options of its reset; counts how often it is closed. */
const closed = { times: 0 };
const steps = defineEnv({
  id: "Steps-v0",
  version: "7",
  description: "Counts.",
  secret: true,
  params: { length: int(5, { min: 1, max: 9 }) },
  build: ({ length }) =>
    rules({
      action: discrete(2),
      observation: discrete(10),
      reset: (_, options) => ({ n: 0, options }),
      step: ({ n, options }) => ({ state: { n: n + 1, options }, reward: 1, terminated: n + 1 === length }),
      observe: ({ n }) => n,
      close: () => void closed.times++,
    }),
});

describe("wrapEnv", () => {
  it("makes a plugin of another id with the same params, version and secrecy", async () => {
    const wrapped = wrapEnv(steps, "Steps2-v0", (inner) => actionRepeat(inner, 2));
    expect(wrapped).toMatchObject({ id: "Steps2-v0", version: "7", secret: true, params: steps.params });
    const play = hand(await buildRules(wrapped, resolveParams(wrapped, { length: 3 }), HOST));
    expect([play.step(0), play.step(0)].map(({ reward, terminated }) => [reward, terminated])).toEqual([
      [2, false],
      [1, true],
    ]);
  });

  it("refuses the id of the plugin itself", () => {
    expect(() => wrapEnv(steps, "Steps-v0", (inner) => inner)).toThrow(/^wrapEnv: id: expected another one/);
  });

  it("closes what was built when the wrapper does not fit", async () => {
    const before = closed.times;
    const wrapped = wrapEnv(steps, "Bad-v0", (inner) => frameStack(inner as never, 2));
    await expect(buildRules(wrapped, { length: 3 }, HOST)).rejects.toThrow(/^frameStack: observation: expected a box/);
    expect(closed.times).toBe(before + 1);
  });

  it("waits for a plugin that builds later", async () => {
    const late: AnyPlugin = { id: "Late-v0", build: () => Promise.resolve(ramp()) };
    const wrapped = wrapEnv(late, "Late2-v0", (inner) => timeLimit(inner, 2));
    expect((await buildRules(wrapped, {}, HOST)).maxSteps).toBe(2);
  });
});

describe("what a wrapper does not speak of", () => {
  it("passes through a stack of 4: options, picture, mask, enforceLegal, close", async () => {
    const stack = <T extends object>(inner: T): AnyRules =>
      stickyActions(actionRepeat(normalizeReward(episodeStatistics(inner as ReturnType<typeof ramp>)), 1), 0);
    expect(hand(stack(ramp())).picture()).toBe("at 0");
    expect(stack({ ...doors(), maxConcurrent: 2 })).toMatchObject({ enforceLegal: true, maxConcurrent: 2 });
    const play = hand(stack(doors()));
    play.step(1);
    expect(play.mask()).toEqual([false, true]);
    const inner = await steps.build({ length: 3 }, HOST);
    const options: JsonValue = { level: 2 };
    expect(JSON.stringify(stack(inner).reset(new Rng(1), options))).toContain('{"n":0,"options":{"level":2}}');
    const before = closed.times;
    await stack(inner).close?.();
    expect(closed.times).toBe(before + 1);
  });

  it("is absent where the rules lack it", () => {
    const wrapped = clipReward(frameStack(ramp(), 2)) as object;
    expect(["legal", "info", "infoSpace", "close", "async", "enforceLegal"].filter((name) => name in wrapped)).toEqual(
      [],
    );
  });

  it("is found in rules that are an instance of a class", () => {
    class Counter {
      readonly action = discrete(2);
      readonly observation = discrete(10);
      readonly #by = 2;
      reset = (): number => 0;
      step(state: number) {
        return { state: state + this.#by, reward: 1, terminated: false };
      }
      observe = (state: number): number => state;
      render(state: number): string {
        return `${state} by ${this.#by}`;
      }
    }
    const play = hand(episodeStatistics(clipReward(new Counter())));
    play.step(0);
    expect([play.see(), play.picture()]).toEqual([2, "2 by 2"]);
  });
});

describe("types", () => {
  it("of spaces and states follow the wrappers without annotations", () => {
    const stacked = frameStack(ramp(), 4);
    expectTypeOf(stacked.action).toEqualTypeOf<Discrete>();
    expectTypeOf(stacked.observation).toEqualTypeOf<Box<"float32">>();
    expectTypeOf(stacked.observe).parameter(0).toEqualTypeOf<{ readonly inner: { n: number }; readonly own: Float32Array }>(); // prettier-ignore
    expectTypeOf(oneHot(doors()).observation).toEqualTypeOf<Box<"uint8">>();
    expectTypeOf(flattenObservation(doors(), { dtype: "float64" }).observation).toEqualTypeOf<Box<"float64">>();
    expectTypeOf(rewardShaping).parameter(1).returns.toBeNumber();
    rewardShaping(ramp(), (state) => {
      expectTypeOf(state).toEqualTypeOf<{ n: number }>();
      return state.n;
    });
  });

  it("of info gain episode", () => {
    const bare = episodeStatistics(ramp());
    expectTypeOf(bare.infoSpace!.fields.episode.fields.length).toEqualTypeOf<Discrete>();
    const known = rules({
      ...doors(),
      infoSpace: dict({ a: box([1], 0, 1) }),
      info: () => ({ a: new Float32Array(1) }),
    });
    expectTypeOf(episodeStatistics(known).infoSpace!.fields.a).toEqualTypeOf<Box<"float32">>();
    expectTypeOf(episodeStatistics(known).infoSpace!).toExtend<Dict>();
  });

  it("of a wrapped plugin keep its params", () => {
    const wrapped = wrapEnv(steps, "Steps3-v0", (inner) => oneHot(inner));
    expectTypeOf(wrapped).toExtend<Plugin<(typeof steps)["params"] & object, { observation: Box<"uint8"> }>>();
    expectTypeOf(wrapped.build).parameter(0).toEqualTypeOf<{ readonly length: number }>();
  });

  it("refuse a wrapper that does not fit", () => {
    // @ts-expect-error a discrete observation cannot be stacked
    expect(() => frameStack(doors(), 2)).toThrow(TypeError);
    // @ts-expect-error a box has no single one
    expect(() => oneHot(ramp())).toThrow(TypeError);
  });
});
