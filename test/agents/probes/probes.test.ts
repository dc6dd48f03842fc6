/** Worlds whose answer is known, played by every learner of the registry that has a net: what is wrong with a learner shows in the probe that fails. */
import { train, type ActBatch, type Learner } from "dojang/agents";
import { local } from "dojang/client/local";
import { box, discrete, type BatchOf, type Space } from "dojang/protocol";
import { afterAll, describe, expect, it } from "vitest";
import { deepPlayers } from "../players.ts";
import { BOX, DISCRETE, type Probed } from "./learners.ts";
import { ROOM_NAMES, ROOMS, rooms, type RoomName } from "./rooms.ts";
import { SLIDER_NAMES, SLIDERS, sliders, WIDTH, type SliderName } from "./sliders.ts";

const client = local({ plugins: [rooms, sliders] });
afterAll(() => client.close());

const learnt = new Map<string, Promise<Learner>>();

/** Trained once, looked at from all sides. */
function learner({ name, agent, config, steps, plain }: Probed, envId: string): Promise<Learner> {
  const key = `${name} on ${envId}`;
  const begin = async (): Promise<Learner> =>
    (await train({ client, agentId: agent, envId, params: { plain: plain ?? false }, steps, num: 16, seed: 5, config }))
      .learner;
  const known = learnt.get(key) ?? begin();
  learnt.set(key, known);
  return known;
}

/** One row for each room. */
const rowsOf = (n: number, obs: BatchOf<Space>): ActBatch => ({
  ...{ n, obs, first: new Uint8Array(n).fill(1), env: Uint32Array.from({ length: n }, (_, i) => i) },
  ...{ episode: new Float64Array(n), t: new Int32Array(n) },
});
const everyRoom: ActBatch = {
  ...rowsOf(
    ROOM_NAMES.length,
    Int32Array.from(ROOM_NAMES, (_, i) => i),
  ),
  mask: Uint8Array.from(ROOM_NAMES.flatMap((name) => ROOMS[name].moves.map((move) => (move === undefined ? 0 : 1)))),
};
const places = SLIDER_NAMES.flatMap((_, i) => Array.from({ length: WIDTH }, (_, k) => (k === i ? 1 : 0)));
const everySlider = rowsOf(SLIDER_NAMES.length, Float32Array.from(places));

async function valued(probed: Probed, envId: string, rows: ActBatch): Promise<Float32Array> {
  return (await (await learner(probed, envId)).act(rows))["value"] as Float32Array;
}
/** Typed arrays, as both spaces have them. */
async function chosen(probed: Probed, envId: string, rows: ActBatch): Promise<Int32Array | Float32Array> {
  return (await (await learner(probed, envId)).policy(rows)).action as Int32Array | Float32Array;
}

/** Rooms and sliders of the same names ask for the same. */
const VALUES: readonly (readonly [what: string, names: readonly (RoomName & SliderName)[]])[] = [
  ["a constant reward of 1 at 1", ["one"]],
  ["rewards by what is observed", ["one", "minusOne"]],
  ["a reward that comes a step later at half of it", ["before"]],
  ["what lies behind a limit as if there were none, 1 / (1 - gamma)", ["endless", "beforeEndless"]],
];
/** Wrong answers lie at the other end of a slider, 2 away. */
const FUTURES: readonly (readonly [what: string, names: readonly (RoomName & SliderName)[]])[] = [
  ["1 now over 1.2 a step later, and 4 a step later over 1 now", ["impatient", "patient"]],
  ["to stay where a limit, but no end, is near", ["stay"]],
];

const within = (found: number | undefined, wanted: number | undefined, most: number, what: string): void => {
  expect(Math.abs(Number(found) - Number(wanted)), `${what}: ${found} for ${wanted}`).toBeLessThan(most);
};

describe.each(DISCRETE)("$name in rooms", (probed) => {
  it.each(probed.tellsValues ? VALUES : [])("values %s", async (_, names) => {
    const values = await valued(probed, rooms.id, everyRoom);
    for (const name of names) within(values[ROOM_NAMES.indexOf(name)], ROOMS[name].value, 0.15, name);
  });

  const CHOICES: readonly (readonly [what: string, names: readonly RoomName[]])[] = [
    ["the action that pays, where it is the one and where it is the other", ["first", "second"]],
    ["the only legal action, and no way to it by what the others would pay", ["narrow", "beforeNarrow"]],
    ...(probed.plain ? [] : FUTURES),
  ];
  it.each(CHOICES)("chooses %s", async (_, names) => {
    const actions = await chosen(probed, rooms.id, everyRoom);
    for (const name of names) expect(actions[ROOM_NAMES.indexOf(name)], name).toBe(ROOMS[name].best);
  });
});

describe.each(BOX)("$name at sliders", (probed) => {
  it.each(probed.tellsValues ? VALUES : [])("values %s", async (_, names) => {
    const values = await valued(probed, sliders.id, everySlider);
    for (const name of names) within(values[SLIDER_NAMES.indexOf(name)], SLIDERS[name].value, 0.15, name);
  });

  const CHOICES: readonly (readonly [what: string, names: readonly SliderName[], most: number])[] = [
    ["the push that pays, above the middle and below it", ["up", "down"], 0.3],
    ...(probed.plain ? [] : FUTURES).map(([what, names]) => [what, names, 0.6] as const),
  ];
  it.each(CHOICES)("chooses %s", async (_, names, most) => {
    const pushes = (await chosen(probed, sliders.id, everySlider)).map((action) => (action - 1) / 2);
    for (const name of names) within(pushes[SLIDER_NAMES.indexOf(name)], SLIDERS[name].best, most, name);
  });
});

describe("the probes", () => {
  it("are played by every learner of the registry that has a net", () => {
    const played = (lines: readonly Probed[]): Set<string> => new Set(lines.map(({ agent }) => agent));
    const missing = [
      ...deepPlayers(discrete(16), discrete(3)).filter((id) => !played(DISCRETE).has(id)),
      ...deepPlayers(box([14], -1, 1), box([1], -1, 3)).filter((id) => !played(BOX).has(id)),
    ];
    expect(missing).toEqual([]);
  });
});
