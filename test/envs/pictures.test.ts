/** Every built-in environment draws itself as text and as pixels, and draws nothing that an agent must not see. */
import { describe, expect, it } from "vitest";
import type { AnyPlugin, RgbFrame } from "dojang/env";
import { connect } from "dojang/client";
import { local } from "dojang/client/local";
import { testServer } from "../support/test-server.ts";
import { builtIns, builtRules, byId, statesOf, stepsFor } from "./built-in.ts";
import { rulesOf } from "./support.ts";

type Params = Readonly<Record<string, unknown>>;

const find = (id: string): AnyPlugin | undefined => builtIns.find((plugin) => plugin.id === id);
const textOf = (id: string, state: unknown, params: Params = {}): unknown => rulesOf(find(id), params).render!(state);

function pixelsOf(id: string, state: unknown, params: Params = {}): RgbFrame {
  const frame = rulesOf(find(id), { ...params, renderMode: "rgb" }).render!(state);
  if (typeof frame === "string") throw new Error(`${id} draws text`);
  return frame;
}

/** How many pixels have this colour. */
function count({ rgb }: RgbFrame, [red, green, blue]: readonly [number, number, number]): number {
  let pixels = 0;
  for (let i = 0; i < rgb.length; i += 3) if (rgb[i] === red && rgb[i + 1] === green && rgb[i + 2] === blue) pixels++;
  return pixels;
}

/** Mean place of the pixels of a colour. */
function centre({ width, rgb }: RgbFrame, [red, green, blue]: readonly [number, number, number]): [number, number] {
  let [sumX, sumY, pixels] = [0, 0, 0];
  for (let i = 0; i < rgb.length / 3; i++) {
    if (rgb[3 * i] !== red || rgb[3 * i + 1] !== green || rgb[3 * i + 2] !== blue) continue;
    sumX += i % width;
    sumY += Math.floor(i / width);
    pixels++;
  }
  return [sumX / pixels, sumY / pixels];
}

describe.each(byId)("the pictures of %s", (id, plugin) => {
  it("are text by default, and pixels with renderMode rgb", async () => {
    const text = await builtRules(plugin);
    const rgb = await builtRules(plugin, { renderMode: "rgb" });
    for (const state of await statesOf(text, 1, stepsFor(text, 12))) {
      expect(text.render!(state)).toMatch(/\S/);
      const { width, height, rgb: bytes } = rgb.render!(state) as RgbFrame;
      expect(bytes).toBeInstanceOf(Uint8Array);
      expect(bytes.length).toBe(3 * width * height);
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(32);
      expect(Math.max(width, height)).toBeLessThanOrEqual(640);
      // More than one colour: something is drawn on the ground.
      expect(bytes.some((value, i) => value !== bytes[i % 3])).toBe(true);
    }
  });
  it("differ where what they show differs", async () => {
    const played = await builtRules(plugin);
    const states = await statesOf(played, 5, stepsFor(played, 30));
    const distinct = async (mode: string): Promise<number> => {
      const rules = await builtRules(plugin, { renderMode: mode });
      return new Set(states.map((state) => JSON.stringify(rules.render!(state), bytesAsText))).size;
    };
    expect(await distinct("text")).toBeGreaterThan(1);
    expect(await distinct("rgb")).toBeGreaterThan(1);
  });
  it("only read the state, also as pixels", async () => {
    const rules = await builtRules(plugin, { renderMode: "rgb" });
    for (const state of await statesOf(rules, 3, stepsFor(rules, 8))) {
      const before = structuredClone(state);
      const first = rules.render!(deepFreeze(state));
      expect(rules.render!(state)).toEqual(first);
      expect(state).toEqual(before);
    }
  });
  it("names both forms when it is asked for a third", () => {
    expect(() => rulesOf(plugin, { renderMode: "human" })).toThrow(
      `${id}: param renderMode: expected one of "text", "rgb", got "human"`,
    );
  });
});

/** Objects and arrays throw when they are written to; typed arrays cannot be frozen and are compared instead. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}

describe("pictures at the largest params", () => {
  it.each<[string, Params]>([
    ["FrozenLake-v1", { mapName: "random", size: 64 }],
    ["GridWorld-v0", { map: ["S" + ".".repeat(63), ...new Array<string>(63).fill(".".repeat(63) + "G")] }],
    ["Catch-v0", { rows: 100, columns: 100 }],
    ["DeepSea-v0", { size: 100 }],
    ["Bandit-v0", { arms: 1_000 }],
    ["MemoryChain-v0", { bits: 64, length: 10_000 }],
    ["Countdown-v0", { numbers: 8, maxNumber: 1_000, maxTarget: 1_000_000, answerTags: true }],
    ["Arithmetic-v0", { terms: 10, minDigits: 50, maxDigits: 50 }],
    ["Portfolio-v0", { window: 250, steps: 20 }],
  ])("of %s stay within 640 pixels a side", async (id, params) => {
    const states = await statesOf(await builtRules(find(id)!, params), 2, 3);
    for (const state of states) {
      const { width, height, rgb } = pixelsOf(id, state, params);
      expect(Math.max(width, height)).toBeLessThanOrEqual(640);
      expect(rgb.length).toBe(3 * width * height);
      expect(rgb.some((value, i) => value !== rgb[i % 3])).toBe(true);
    }
  });
});

const bytesAsText = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;

describe("classic control", () => {
  const CART = [50, 54, 62] as const;
  const cart = (x: number, theta: number): RgbFrame => pixelsOf("CartPole-v1", { x, xDot: 0, theta, thetaDot: 0 });

  it("draws the cart 96 pixels further right for each metre", () => {
    const [left] = centre(cart(-1, 0), CART);
    const [right] = centre(cart(1, 0), CART);
    // Its 50 x 30 pixels beside the 480 x 2 of the track, which stay.
    expect(right - left).toBeGreaterThan(100);
    const colours = cart(1, 0);
    const at = 3 * (180 * colours.width + 240 + 96);
    expect(Array.from(colours.rgb.subarray(at, at + 3))).toEqual([...CART]);
  });
  it("leans the pole to the side of its angle", () => {
    const POLE = [202, 152, 101] as const;
    const [upright, right, left] = [0, 0.2, -0.2].map((theta) => centre(cart(0, theta), POLE));
    expect(upright![0]).toBeCloseTo(239.5, 0);
    expect(right![0] - upright![0]).toBeCloseTo(9.6, -1);
    expect(left![0] + right![0]).toBeCloseTo(2 * upright![0], 0);
  });
  it("draws the car on the slope: low at -pi/6, high at the goal", () => {
    const BODY = [200, 80, 60] as const;
    const car = (position: number): [number, number] =>
      centre(pixelsOf("MountainCar-v0", { position, velocity: 0 }), BODY);
    const [valleyX, valleyY] = car(-Math.PI / 6);
    const [goalX, goalY] = car(0.5);
    expect(goalX - valleyX).toBeCloseTo((0.5 + Math.PI / 6) * (480 / 1.8), -1);
    expect(valleyY - goalY).toBeGreaterThan(200);
  });
  it("puts the flag at 0.5, and at 0.45 in the continuous form", () => {
    const FLAG = [230, 190, 40] as const;
    const flag = (id: string): number => centre(pixelsOf(id, { position: -0.5, velocity: 0 }), FLAG)[0];
    expect(flag("MountainCar-v0") - flag("MountainCarContinuous-v0")).toBeCloseTo(13, 0);
  });
  it("hangs the acrobot down at angles of 0, and folds its second link back at pi", () => {
    const SECOND = [90, 190, 110] as const;
    const links = (theta1: number, theta2: number): [number, number] =>
      centre(pixelsOf("Acrobot-v1", { theta1, theta2, dtheta1: 0, dtheta2: 0 }), SECOND);
    expect(links(0, 0)[1]).toBeGreaterThan(300);
    expect(links(Math.PI, 0)[1]).toBeLessThan(100);
    expect(links(0, Math.PI)[1]).toBeCloseTo(245, -1);
    expect(links(Math.PI / 2, 0)[0]).toBeGreaterThan(300);
  });
  it("draws the pendulum up at 0, left at pi / 2, and an arrow for the torque only where there is one", () => {
    const [ROD, ARROW] = [[204, 77, 77], [60, 120, 220]] as const; // prettier-ignore
    const frame = (theta: number, torque: number): RgbFrame => pixelsOf("Pendulum-v1", { theta, thetaDot: 0, torque });
    expect(centre(frame(0, 0), ROD)[1]).toBeLessThan(140);
    expect(centre(frame(Math.PI, 0), ROD)[1]).toBeGreaterThan(260);
    expect(centre(frame(Math.PI / 2, 0), ROD)[0]).toBeLessThan(140);
    expect(count(frame(Math.PI, 0), ARROW)).toBe(0);
    expect(count(frame(Math.PI, 2), ARROW)).toBeGreaterThan(count(frame(Math.PI, 1), ARROW));
    // Positive torque turns against the clock: to the left of the axle.
    expect(centre(frame(Math.PI, 1), ARROW)[0]).toBeLessThan(200);
    expect(centre(frame(Math.PI, -1), ARROW)[0]).toBeGreaterThan(200);
  });
});

describe("toy text", () => {
  it("draws the walker of FrozenLake on its cell, with a beak where the last move was meant to go", () => {
    const WALKER = [215, 90, 50] as const;
    const at = (cell: number, lastAction: number): [number, number] =>
      centre(pixelsOf("FrozenLake-v1", { at: cell, lastAction }), WALKER);
    expect(at(6, -1).map(Math.round)).toEqual([2 * 64 + 32, 64 + 32].map((value) => value - 0.5).map(Math.round));
    const [still, left, down, right, up] = [-1, 0, 1, 2, 3].map((action) => at(6, action));
    expect([left![0] < still![0], right![0] > still![0], down![1] > still![1], up![1] < still![1]]).toEqual(
      [true, true, true, true], // prettier-ignore
    );
  });
  it("draws ten cells of cliff, and the walker at the start", () => {
    const frame = pixelsOf("CliffWalking-v1", { at: 36, lastAction: -1 });
    expect(count(frame, [45, 40, 50])).toBe(10 * 41 * 41);
    expect(centre(frame, [215, 70, 60]).map(Math.floor)).toEqual([20, 146]);
  });
  it("draws the taxi on its cell and the passenger at the station, then in the taxi", () => {
    const CAB = [250, 170, 20] as const;
    const PASSENGER = [190, 60, 170] as const;
    // Row 2, column 3; the passenger at Y (lower left) or in the taxi; going to R, whose frame has 4 pixels.
    const state = (passenger: number): number => ((2 * 5 + 3) * 5 + passenger) * 4;
    const frameAt = (passenger: number): RgbFrame => pixelsOf("Taxi-v4", { at: state(passenger), lastAction: -1 });
    const [x, y] = centre(frameAt(2), CAB);
    expect([Math.floor(x / 64), Math.floor(y / 64)]).toEqual([3, 2]);
    const disc = (frame: RgbFrame, column: number, row: number): number => {
      let pixels = 0;
      for (let dy = 0; dy < 64; dy++)
        for (let dx = 0; dx < 64; dx++) {
          const i = 3 * ((row * 64 + dy) * frame.width + column * 64 + dx);
          pixels += Number(PASSENGER.every((value, k) => frame.rgb[i + k] === value));
        }
      return pixels;
    };
    expect([disc(frameAt(2), 0, 4) > 100, disc(frameAt(2), 3, 2)]).toEqual([true, 0]);
    expect([disc(frameAt(4), 0, 4), disc(frameAt(4), 3, 2) > 100]).toEqual([0, true]);
    // Six rows of walls of 5 x 64 pixels, the taxi and the stations beside them.
    expect(count(frameAt(2), [60, 60, 60])).toBe(6 * 5 * 64);
  });
});

describe("pictures that keep a secret", () => {
  const same = (id: string, a: unknown, b: unknown, params: Params = {}): boolean =>
    textOf(id, a, params) === textOf(id, b, params) &&
    Buffer.compare(pixelsOf(id, a, params).rgb, pixelsOf(id, b, params).rgb) === 0;

  it("blackjack hides the dealer's second card until the hand is over", () => {
    const hand = (second: number, over: boolean): unknown => ({ dealer: [10, second], player: [5, 6], suit: 2, over });
    expect(same("Blackjack-v1", hand(2, false), hand(9, false))).toBe(true);
    expect(same("Blackjack-v1", hand(2, true), hand(9, true))).toBe(false);
  });
  it("the bandit hides the means of its arms, before and after a pull", () => {
    const pulled = (means: number[], arm: number): unknown => ({ means, arm, paid: 1, regret: 0, pulls: 1 });
    for (const arm of [-1, 2]) expect(same("Bandit-v0", pulled([1, 2, 3], arm), pulled([3, 2, 1], arm))).toBe(true);
    expect(same("Bandit-v0", pulled([1, 2, 3], 0), pulled([1, 2, 3], 1))).toBe(false);
  });
  it("the memory chain shows its bits at the start alone, and the question at the end alone", () => {
    const params = { bits: 3, length: 5 };
    const at = (time: number, context: number[], query = 0): unknown => ({ context, query, time });
    expect(same("MemoryChain-v0", at(0, [0, 1, 0]), at(0, [0, 1, 1]), params)).toBe(false);
    expect(same("MemoryChain-v0", at(0, [0, 1, 0], 1), at(0, [0, 1, 0], 2), params)).toBe(true);
    for (const time of [1, 5])
      expect(same("MemoryChain-v0", at(time, [0, 1, 0]), at(time, [1, 0, 1]), params)).toBe(true);
    expect(same("MemoryChain-v0", at(5, [0, 1, 0], 1), at(5, [0, 1, 0], 2), params)).toBe(false);
  });
});

describe("the render op", () => {
  it.each(["CartPole-v1", "Taxi-v4", "MinAtar/Breakout-v0"])("carries the pixels of %s unchanged", async (id) => {
    const server = await testServer();
    const [remote, here] = [connect(server.url), local()];
    const options = { num: 2, seed: 4, params: { renderMode: "rgb" } } as const;
    const envs = await Promise.all([remote.make(id, options), here.make(id, options)]);
    const pictures = await Promise.all(
      envs.map(async (env) => {
        await env.reset();
        await env.step(Int32Array.of(0, 1));
        return await env.render([0, 1]);
      }),
    );
    expect(pictures[0]).toHaveLength(2);
    pictures[0]!.forEach((picture, row) => {
      const [a, b] = [picture, pictures[1]![row]] as RgbFrame[];
      expect([a!.width, a!.height]).toEqual([b!.width, b!.height]);
      expect(Buffer.compare(a!.rgb, b!.rgb)).toBe(0);
    });
    await Promise.all([remote.close(), here.close()]);
  });
});
