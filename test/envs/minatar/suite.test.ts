/** The MinAtar suite as a user meets it: ids, spaces, sticky actions, params, info and pictures. */
import { describe, expect, it } from "vitest";
import { assertEnv, Rng, type RgbFrame } from "dojang/env";
import { local } from "dojang/client/local";
import plugins from "../../../envs/minatar/index.ts";
import { rulesOf, stepOf } from "../support.ts";
import { ScriptedRng, u, int } from "./scripted-rng.ts";

const find = (id: string) => plugins.find((plugin) => plugin.id === `MinAtar/${id}`);

describe("the suite", () => {
  it.each([
    ["Asterix", 4, 5],
    ["Breakout", 4, 3],
    ["Freeway", 7, 3],
    ["Seaquest", 10, 6],
    ["SpaceInvaders", 6, 4],
  ])("has %s with 10 x 10 x %i booleans, six actions in v0 and %i in v1", (name, channels, minimal) => {
    for (const [version, n] of [
      ["v0", 6],
      ["v1", minimal],
    ] as const)
      // prettier-ignore
      expect(rulesOf(find(`${name}-${version}`))).toMatchObject({
        action: { n },
        observation: { shape: [10, 10, channels], dtype: "uint8", low: 0, high: 1 },
      });
  });
  it("has eleven envs, none with a time limit of the runner", () => {
    expect(plugins).toHaveLength(11);
    expect(plugins.map((plugin) => rulesOf(plugin).maxSteps)).toEqual(plugins.map(() => undefined));
  });
  it("holds every rule with pixels too", async () => {
    for (const id of ["Breakout-v1", "Seaquest-v0"])
      expect((await assertEnv(find(id)!, { params: { renderMode: "rgb" }, steps: 20 })).skipped).toEqual([]);
  });
});

describe("v1", () => {
  it.each([
    [
      "Asterix",
      [
        [5, 5],
        [4, 5],
        [5, 4],
        [6, 5],
        [5, 6],
      ],
    ],
    [
      "Seaquest",
      [
        [5, 0],
        [4, 0],
        [5, 0],
        [6, 0],
        [5, 1],
        [5, 0],
      ],
    ],
  ])("of %s does nothing, left, up, right, down, fire in this order", (name, places) => {
    const rules = rulesOf(find(`${name}-v1`));
    const seen = places.map((_, action) => {
      const { state } = stepOf(rules, rules.reset(new Rng(0)), action, new ScriptedRng([u(0.5)]));
      return [(state as { x: number }).x, (state as { y: number }).y];
    });
    expect(seen).toEqual(places);
  });
  it("of Breakout does nothing, left, right", () => {
    const rules = rulesOf(find("Breakout-v1"));
    const paddles = [0, 1, 2].map((action) => {
      const { state } = stepOf(rules, rules.reset(new ScriptedRng([int(2, 0)])), action, new ScriptedRng([u(0.5)]));
      return (state as { paddle: number }).paddle;
    });
    expect(paddles).toEqual([4, 3, 5]);
  });
  it("of SpaceInvaders does nothing, left, right, fire", () => {
    const rules = rulesOf(find("SpaceInvaders-v1"));
    const seen = [0, 1, 2, 3].map((action) => {
      const { state } = stepOf(rules, rules.reset(new Rng(0)), action, new ScriptedRng([u(0.5)]));
      const { cannon, shotTimer } = state as { cannon: number; shotTimer: number };
      return [cannon, shotTimer];
    });
    expect(seen).toEqual([[5, 0], [4, 0], [6, 0], [5, 4]]); // prettier-ignore
  });
  it("of Freeway does nothing, up, down", () => {
    const rules = rulesOf(find("Freeway-v1"));
    const rows = [0, 1, 2].map((action) => {
      const ready = { ...(rules.reset(new Rng(0)) as object), row: 9, moveTimer: 0 };
      const { state } = stepOf(rules, ready, action, new ScriptedRng([u(0.5)]));
      return [(state as { row: number }).row, (state as { moveTimer: number }).moveTimer];
    });
    expect(rows).toEqual([[9, 0], [8, 2], [9, 2]]); // prettier-ignore
  });
});

describe("sticky actions", () => {
  /** Columns of Asterix's player over [action, draw]s: the draw comes first in every step. */
  const columns = (probability: number, moves: readonly (readonly [action: number, draw: number])[]): number[] => {
    const rules = rulesOf(find("Asterix-v0"), { stickyActionProb: probability });
    const rng = new ScriptedRng(moves.map(([, draw]) => u(draw)));
    let state = rules.reset(rng);
    const seen = moves.map(([action]) => {
      state = stepOf(rules, state, action, rng).state;
      return (state as { x: number }).x;
    });
    rng.finish();
    return seen;
  };
  const [LEFT, RIGHT] = [1, 3];

  it("at 0.1 repeat the last executed action below a draw of 0.1, which is nothing in the first step", () => {
    const moves = [[LEFT, 0.09], [LEFT, 0.1], [RIGHT, 0.0999], [RIGHT, 0], [RIGHT, 0.5], [LEFT, 0.05], [LEFT, 0.9]] as const; // prettier-ignore
    expect(columns(0.1, moves)).toEqual([5, 4, 3, 2, 3, 4, 3]);
  });
  it("draw once a step even at 0, where the action is always the one asked for", () => {
    expect(columns(0, [[LEFT, 0], [RIGHT, 0.5], [RIGHT, 0.999]])).toEqual([4, 5, 6]); // prettier-ignore
  });
  it("at 1 never let an action through", () => {
    expect(columns(1, [[LEFT, 0], [RIGHT, 0.999]])).toEqual([5, 5]); // prettier-ignore
  });
  it("forget the last action at a reset", () => {
    const rules = rulesOf(find("Asterix-v0"));
    stepOf(rules, rules.reset(new Rng(0)), LEFT, new ScriptedRng([u(0.5)]));
    const { state } = stepOf(rules, rules.reset(new Rng(0)), LEFT, new ScriptedRng([u(0)]));
    expect((state as { x: number }).x).toBe(5);
  });
  it("come before the game's own draws", () => {
    const rules = rulesOf(find("Asterix-v0"));
    const rng = new ScriptedRng([u(0.99), u(0.1), u(0.9), int(8, 3)]);
    stepOf(rules, { ...(rules.reset(rng) as object), spawnTimer: 0 }, 0, rng);
    rng.finish();
  });
});

describe("params", () => {
  it.each([
    { stickyActionProb: -0.1 },
    { stickyActionProb: 1.1 },
    { difficultyRamping: 1 },
    { renderMode: "ascii" },
    { sticky: 0 },
  ])("refuses %j", (params) => {
    expect(() => rulesOf(find("Breakout-v0"), params)).toThrow(expect.objectContaining({ code: "BAD_PARAM" }));
  });
  it("difficultyRamping reaches the game: level 1 after 102 steps of Asterix, or level 0", () => {
    const levels = [true, false].map((difficultyRamping) => {
      const rules = rulesOf(find("Asterix-v0"), { difficultyRamping });
      const rng = new Rng(1);
      let state = rules.reset(rng);
      for (let i = 0; i < 102; i++) state = stepOf(rules, state, 0, rng).state;
      return rules.info?.(state);
    });
    expect(levels).toEqual([{ rampLevel: 1 }, { rampLevel: 0 }]);
  });
  it("the ramp level is info in Asterix, Seaquest and SpaceInvaders, and absent in Breakout and Freeway", () => {
    const infos = ["Asterix", "Seaquest", "SpaceInvaders", "Breakout", "Freeway"].map((name) => {
      const rules = rulesOf(find(`${name}-v0`));
      return rules.info?.(rules.reset(new Rng(0)));
    });
    expect(infos).toEqual([{ rampLevel: 0 }, { rampLevel: 0 }, { rampLevel: 0 }, undefined, undefined]);
  });
});

describe("a picture", () => {
  const first = (id: string, params = {}): string | RgbFrame | undefined => {
    const rules = rulesOf(find(id), params);
    return rules.render?.(rules.reset(new ScriptedRng([int(2, 0)])));
  };
  it("is ten lines of text", () => {
    const empty = "..........";
    const bricks = "##########";
    const rows = [empty, bricks, bricks, "o#########", empty, empty, empty, empty, empty, "....=....."];
    expect(first("Breakout-v0")).toBe(rows.join("\n"));
  });
  it("draws trails only where nothing else is", () => {
    const rules = rulesOf(find("Breakout-v0"));
    const line = (lastX: number, lastY: number): string | undefined => {
      const fields = { ballX: 5, ballY: 5, lastX, lastY };
      const text = rules.render?.({ ...(rules.reset(new Rng(0)) as object), ...fields });
      return (text as string).split("\n")[lastY];
    };
    expect([line(4, 4), line(5, 5), line(4, 3)]).toEqual(["....'.....", ".....o....", "##########"]);
  });
  it("is 160 x 160 pixels with renderMode rgb, 16 x 16 a cell", () => {
    const { width, height, rgb } = first("Breakout-v0", { renderMode: "rgb" }) as RgbFrame;
    const colourAt = (x: number, y: number): number[] =>
      Array.from(rgb.slice(3 * (y * 160 + x), 3 * (y * 160 + x) + 3));
    expect([width, height, rgb.length]).toEqual([160, 160, 76_800]);
    const ball = [255, 255, 255];
    expect([colourAt(0, 48), colourAt(15, 63)]).toEqual([ball, ball]);
    expect([colourAt(16, 48), colourAt(0, 64), colourAt(0, 47)]).not.toContainEqual(ball);
    expect(colourAt(64, 144)).toEqual([0x4d, 0xa6, 0xff]);
  });
});

it("plays through the client: 8 games of Seaquest at once, and refuses a step after the end", async () => {
  const client = local();
  const env = await client.make("MinAtar/Seaquest-v0", { num: 8, seed: 1, autoreset: "disabled" });
  await env.reset();
  let ended = false;
  for (let i = 0; i < 400 && !ended; i++) {
    const frame = await env.step(Int32Array.from({ length: 8 }, (_, row) => (row === 0 ? [4, 2][i % 2] : 0) ?? 0));
    ended = frame.terminated[0] === 1;
  }
  expect(ended).toBe(true);
  const after = await env.step(new Int32Array(8));
  expect(after.errors?.[0]).toMatchObject({ index: 0, code: "RESET_NEEDED" });
  await client.close();
});
