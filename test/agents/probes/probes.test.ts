/** Worlds whose answer is known, played by every agent of the registry that learns: what is wrong with one shows in the probe that fails. */
import { fileURLToPath } from "node:url";
import { agents, findAgent, train, type ActBatch, type Learner } from "dojang/agents";
import { local } from "dojang/client/local";
import { box, discrete, type BatchOf, type Space } from "dojang/protocol";
import { lastValueFrom } from "rxjs";
import { afterAll, describe, expect, it } from "vitest";
import { fieldsOf } from "../../../agents/shared/plain.ts";
import { BOX, DISCRETE, NOT_PROBED, type Probed } from "./learners.ts";
import { ROOM_NAMES, ROOMS, rooms, type Room, type RoomName } from "./rooms.ts";
import { SLIDER_NAMES, SLIDERS, sliders, WIDTH, type Slider, type SliderName } from "./sliders.ts";
import { lessons } from "./teachers.ts";

const client = local({ plugins: [rooms, sliders] });
afterAll(() => client.close());

/** Where actors in other processes find the worlds. */
const HOME = { plugins: [fileURLToPath(new URL("./plugins.ts", import.meta.url))] };
const NUM = 16;
const SEED = 5;

const learnt = new Map<string, Promise<Learner>>();

/** Trained once, looked at from all sides. @param starts as of rooms */
function learner(probed: Probed, envId: string, starts: readonly string[] = []): Promise<Learner> {
  const key = `${probed.name} on ${envId} ${starts.join(" ")}`;
  const known = learnt.get(key) ?? (probed.imitates ? taught(probed, envId) : trained(probed, envId, starts));
  learnt.set(key, known);
  return known;
}

async function trained({ agent, config, steps }: Probed, envId: string, starts: readonly string[]): Promise<Learner> {
  const run = { client, agentId: agent, envId, params: { starts }, steps, num: NUM, seed: SEED, config, home: HOME };
  return (await train(run)).learner;
}

async function taught({ agent, config, steps }: Probed, envId: string): Promise<Learner> {
  const env = await client.make(envId, { num: NUM, seed: SEED });
  const clone = findAgent(agent).create(env.spaces, config, { seed: SEED });
  await lastValueFrom(lessons(env, steps).pipe(clone.learn));
  return clone;
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

/** V of each row. */
async function valued(probed: Probed, envId: string, rows: ActBatch): Promise<ArrayLike<number>> {
  const own = await learner(probed, envId);
  return probed.values === "tables" ? inTables(own, rows.n) : ((await own.act(rows))["value"] as Float32Array);
}
/** What the tables say, on average, of the first action: rooms that are asked for their value have no better one. */
function inTables(own: Learner, n: number): number[] {
  const parts = Object.values(fieldsOf(own.save())).filter((part) => Object.hasOwn(Object(part) as object, "visits"));
  const tables = parts.map((part) => fieldsOf(part)["values"] as Float64Array);
  return Array.from({ length: n }, (_, s) => {
    return tables.reduce((sum, values) => sum + Number(values[(s * values.length) / n]), 0) / tables.length;
  });
}
/** Who goes by whole episodes is asked about a few rooms at a time: one that began elsewhere says nothing about them. */
const begun = ({ asPaid }: Probed, rows: readonly (Room | Slider)[], names: readonly string[]): readonly string[] =>
  asPaid ? rows.map(({ via }, i) => via ?? (names[i] as string)) : [];
const answer = ({ asPaid }: Probed, { best, paid = best }: Room | Slider): number | undefined => (asPaid ? paid : best);
/** Typed arrays, as both spaces have them. */
const chosen = async (own: Promise<Learner>, rows: ActBatch): Promise<Int32Array | Float32Array> =>
  (await (await own).policy(rows)).action as Int32Array | Float32Array;

/** Rooms and sliders of the same names ask for the same. */
const VALUES: readonly (readonly [what: string, names: readonly (RoomName & SliderName)[]])[] = [
  ["a constant reward of 1 at 1", ["one"]],
  ["rewards by what is observed", ["one", "minusOne"]],
  ["a reward that comes a step later at half of it", ["before"]],
  ["what lies behind a limit as if there were none, 1 / (1 - gamma)", ["endless", "beforeEndless"]],
];
/** Wrong answers lie at the other end of a slider, 2 away. */
const futures = ({
  asPaid,
}: Probed): readonly (readonly [what: string, names: readonly (RoomName & SliderName)[]])[] =>
  asPaid
    ? [
        ["1.2 and 4 a step later over 1 now", ["impatient", "patient"]],
        ["what an episode still pays before its limit", ["stay"]],
      ]
    : [
        ["1 now over 1.2 a step later, and 4 a step later over 1 now", ["impatient", "patient"]],
        ["to stay where a limit, but no end, is near", ["stay"]],
      ];

const within = (found: number | undefined, wanted: number | undefined, most: number, what: string): void => {
  expect(Math.abs(Number(found) - Number(wanted)), `${what}: ${found} for ${wanted}`).toBeLessThan(most);
};
const tellsValues = ({ values }: Probed): boolean => typeof values === "string";

describe.each(DISCRETE)("$name in rooms", (probed) => {
  it.each(tellsValues(probed) ? VALUES : [])("values %s", async (_, names) => {
    const values = await valued(probed, rooms.id, everyRoom);
    for (const name of names) within(values[ROOM_NAMES.indexOf(name)], ROOMS[name].value, 0.15, name);
  });

  const CHOICES: readonly (readonly [what: string, names: readonly RoomName[]])[] = [
    ["the action that pays, where it is the one and where it is the other", ["first", "second"]],
    ["the only legal action, and no way to it by what the others would pay", ["narrow", "beforeNarrow"]],
    ...futures(probed),
  ];
  it.each(CHOICES)("chooses %s", async (_, names) => {
    const starts = begun(
      probed,
      names.map((name) => ROOMS[name]),
      names,
    );
    const actions = await chosen(learner(probed, rooms.id, starts), everyRoom);
    for (const name of names) expect(actions[ROOM_NAMES.indexOf(name)], name).toBe(answer(probed, ROOMS[name]));
  });
});

describe.each(BOX)("$name at sliders", (probed) => {
  it.each(tellsValues(probed) ? VALUES : [])("values %s", async (_, names) => {
    const values = await valued(probed, sliders.id, everySlider);
    for (const name of names) within(values[SLIDER_NAMES.indexOf(name)], SLIDERS[name].value, 0.15, name);
  });

  const CHOICES: readonly (readonly [what: string, names: readonly SliderName[], most: number])[] = [
    ["the push that pays, above the middle and below it", ["up", "down"], 0.3],
    ...futures(probed).map(([what, names]) => [what, names, 0.6] as const),
  ];
  it.each(CHOICES)("chooses %s", async (_, names, most) => {
    const starts = begun(
      probed,
      names.map((name) => SLIDERS[name]),
      names,
    );
    const actions = await chosen(learner(probed, sliders.id, starts), everySlider);
    const pushes = actions.map((action) => (action - 1) / 2);
    for (const name of names) within(pushes[SLIDER_NAMES.indexOf(name)], answer(probed, SLIDERS[name]), most, name);
  });
});

describe("the probes", () => {
  const KINDS = [
    { name: "discrete", lines: DISCRETE, observation: discrete(16), action: discrete(3) },
    { name: "box", lines: BOX, observation: box([14], -1, 1), action: box([1], -1, 3) },
  ];

  it.each(KINDS)(
    "of $name actions are played by every agent of the registry that fits and has no reason not to",
    (kind) => {
      const fitting = Object.values(agents).filter(
        ({ spaces }) => spaces.observation.fits(kind.observation) && spaces.action.fits(kind.action),
      );
      const wanted = fitting.map(({ id }) => id).filter((id) => !Object.hasOwn(NOT_PROBED, id));
      expect(new Set(kind.lines.map(({ agent }) => agent))).toEqual(new Set(wanted));
    },
  );

  it("leave no agent out that fits neither kind, and give reasons only for agents that exist", () => {
    const played = [...DISCRETE, ...BOX].map(({ agent }) => agent);
    expect(new Set([...played, ...Object.keys(NOT_PROBED)])).toEqual(new Set(Object.keys(agents)));
  });
});
