/** Nothing of Portfolio-v0 looks ahead: prices of later rows change no observation, reward, info or picture of earlier ones. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Rng, type AnyRules } from "dojang/env";
import { sample } from "dojang/protocol";
import market, { type PortfolioState } from "../../../envs/market/index.ts";
import { buildWith, folderWith } from "./support.ts";
import { stepOf } from "../support.ts";

/** All that an agent or a viewer gets of a day. */
interface Day {
  /** The last row whose prices the day may know. */
  readonly row: number;
  readonly shown: string;
}

type Table = readonly (readonly number[])[];
type Build = (csv: string, params: Readonly<Record<string, unknown>>) => AnyRules;

const build: Build = (csv, params) =>
  buildWith(market, { ...params, file: "p.csv", folder: folderWith({ "p.csv": csv }) }).rules;

const csvOf = (prices: Table): string =>
  [["d", ...prices[0]!.map((_, i) => `a${i}`)], ...prices.map((row, i) => [i, ...row])].join("\n");

/** Numbers one by one, pixels as their hash. */
const asText = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array
    ? createHash("sha256").update(value).digest("hex")
    : ArrayBuffer.isView(value)
      ? Array.from(value as Float64Array)
      : value;

/** A whole episode of random shares; twice, as text and as pixels. */
function play(buildRules: Build, prices: Table, seed: number): Day[] {
  const [text, rgb] = ["text", "rgb"].map((renderMode) =>
    buildRules(csvOf(prices), { window: 3, steps: 8, renderMode }),
  ) as [AnyRules, AnyRules];
  const rng = new Rng(seed);
  const space = text.observation as { shape: readonly number[] };
  const shown = (state: PortfolioState, reward: number, parts: unknown): Day => {
    const seen = new Float32Array(space.shape[0]! * space.shape[1]!);
    text.observe(state, seen);
    const all = [seen, reward, parts, text.info!(state), text.render!(state), rgb.render!(state)];
    return { row: state.row, shown: JSON.stringify(all, asText) };
  };
  let state = text.reset(rng) as PortfolioState;
  const days = [shown(state, 0, {})];
  for (let day = 0; day < text.maxSteps!; day++) {
    const transition = stepOf(text, state, sample(text.action, rng), rng);
    state = transition.state as PortfolioState;
    days.push(shown(state, transition.reward, transition.rewards));
  }
  return days;
}

/** The days of an episode that may not differ when all rows after `cut` do, as played with either table. */
function upTo(buildRules: Build, prices: Table, others: Table, cut: number, seed: number): [Day[], Day[]] {
  const changed = [...prices.slice(0, cut + 1), ...others.slice(cut + 1)];
  const known = (table: Table): Day[] => play(buildRules, table, seed).filter(({ row }) => row <= cut);
  return [known(prices), known(changed)];
}

const price = fc.double({ min: 0.01, max: 1_000, noNaN: true });
const table = (assets: number): fc.Arbitrary<number[][]> =>
  fc.array(fc.array(price, { minLength: assets, maxLength: assets }), { minLength: 20, maxLength: 20 });
const tables = fc.integer({ min: 1, max: 3 }).chain((assets) => fc.tuple(table(assets), table(assets)));

/** A table whose first rows are those of `flat`, and one that is wild after row 9. */
const flat: Table = Array.from({ length: 20 }, () => [1]);
const wild: Table = Array.from({ length: 20 }, (_, i) => [1 + (i % 5)]);

/** The same rules with one of them replaced by one that peeks. */
const peeking =
  (peek: (rules: AnyRules, prices: readonly number[]) => Partial<AnyRules>): Build =>
  (csv, params) => {
    const rules = build(csv, params);
    const prices = csv.split("\n").slice(1).map((line) => Number(line.split(",")[1])); // prettier-ignore
    return { ...rules, ...peek(rules, prices) };
  };

describe("the future of Portfolio-v0", () => {
  it("changes nothing that was shown or paid before, whatever prices of up to 3 assets come after", () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: 3, max: 19 }), fc.nat(), ([prices, others], cut, seed) => {
        const [before, after] = upTo(build, prices, others, cut, seed);
        expect(after).toEqual(before);
      }),
      { numRuns: 20 },
    );
  });
  it("does change the day that a price belongs to", () => {
    const [same, other] = [flat, wild].map((prices) => play(build, prices, 1)) as [Day[], Day[]];
    expect(other.at(-1)).not.toEqual(same.at(-1));
  });
  it.each<[string, Build]>([
    ["an observation", peeking((rules, prices) => ({ observe(state, out) { rules.observe(state, out); (out as Float32Array)[0] = prices[(state as PortfolioState).row + 1] ?? 0; } }))], // prettier-ignore
    ["a reward", peeking((rules, prices) => ({ step: (...given) => { const { row } = given[0] as PortfolioState; return { ...(rules.step(...given) as object), reward: prices[row + 2] ?? 0 } as never; } }))], // prettier-ignore
    ["an info", peeking((_, prices) => ({ info: (state) => prices[(state as PortfolioState).row + 1] ?? 0 }))],
    ["a picture", peeking((_, prices) => ({ render: (state) => String(prices[(state as PortfolioState).row + 1] ?? 0) }))], // prettier-ignore
  ])("is noticed in %s that peeks one day ahead", (_, leaky) => {
    // Row 12 lies within the episodes of some of these seeds, and flat and wild differ right after it.
    const caught = Array.from({ length: 8 }, (__, seed) => upTo(leaky, flat, wild, 12, seed)).filter(
      ([before, after]) => JSON.stringify(before) !== JSON.stringify(after),
    );
    expect(caught.length).toBeGreaterThan(0);
    const honest = Array.from({ length: 8 }, (__, seed) => upTo(build, flat, wild, 12, seed));
    expect(honest.every(([before, after]) => JSON.stringify(before) === JSON.stringify(after))).toBe(true);
  });
});
