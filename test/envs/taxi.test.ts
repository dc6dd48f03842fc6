/** Taxi by hand: the coding of states, walls, a whole ride, the mask, the starts. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import plugins, { decodeTaxi, encodeTaxi, legalTaxi, taxiModel } from "../../envs/taxi/index.ts";
import { chiSquare, playActions, rulesOf } from "./support.ts";

const rules = rulesOf(plugins[0]);
const [SOUTH, NORTH, EAST, WEST, PICK_UP, DROP_OFF] = [0, 1, 2, 3, 4, 5];
const at = (row: number, column: number, passenger: number, destination: number): object => ({
  at: encodeTaxi({ row, column, passenger, destination }),
  lastAction: -1,
});
const cellAfter = (row: number, column: number, action: number): number[] => {
  const { observations } = playActions(rules, at(row, column, 0, 1), [action]);
  const places = decodeTaxi(observations[0] as number);
  return [places.row, places.column];
};

describe("Taxi-v4", () => {
  it("has 500 states, 6 actions and a limit of 200 steps, and so has Taxi-v3", () => {
    for (const plugin of plugins) {
      const { observation, action, maxSteps } = rulesOf(plugin);
      expect([observation, action, maxSteps]).toMatchObject([{ n: 500 }, { n: 6 }, 200]);
    }
  });
  it("codes the taxi in row 3, column 1, the passenger at Y, bound for R as 328", () => {
    const places = { row: 3, column: 1, passenger: 2, destination: 0 };
    expect(encodeTaxi(places)).toBe(328);
    expect(decodeTaxi(328)).toEqual(places);
  });
  it("codes all 500 states one to one", () => {
    for (let state = 0; state < 500; state++) expect(encodeTaxi(decodeTaxi(state))).toBe(state);
  });
  it("earns 11 for the shortest ride from state 328: around the wall to Y, up to R", () => {
    const ride = [NORTH, WEST, SOUTH, SOUTH, PICK_UP, NORTH, NORTH, NORTH, NORTH, DROP_OFF];
    const { rewards, terminated, observations } = playActions(rules, at(3, 1, 2, 0), ride);
    expect(rewards).toEqual([-1, -1, -1, -1, -1, -1, -1, -1, -1, 20]);
    expect(terminated).toBe(true);
    expect(decodeTaxi(observations[9] as number)).toEqual({ row: 0, column: 0, passenger: 0, destination: 0 });
  });
  it.each([
    { row: 0, walls: [1] },
    { row: 1, walls: [1] },
    { row: 2, walls: [] },
    { row: 3, walls: [0, 2] },
    { row: 4, walls: [0, 2] },
  ])("has in row $row walls right of columns $walls, from both sides", ({ row, walls }) => {
    for (let column = 0; column < 4; column++) {
      const open = !walls.includes(column);
      expect(cellAfter(row, column, EAST)).toEqual([row, open ? column + 1 : column]);
      expect(cellAfter(row, column + 1, WEST)).toEqual([row, open ? column : column + 1]);
    }
  });
  it("stays at the edge of the town and goes north and south past walls", () => {
    expect([cellAfter(0, 2, NORTH), cellAfter(4, 2, SOUTH), cellAfter(2, 0, WEST), cellAfter(2, 4, EAST)]).toEqual([
      [0, 2],
      [4, 2],
      [2, 0],
      [2, 4],
    ]);
    expect([cellAfter(0, 1, SOUTH), cellAfter(4, 0, NORTH)]).toEqual([
      [1, 1],
      [3, 0],
    ]);
  });
  it("charges 10 for a pick-up without passenger and a drop-off without passenger or station", () => {
    expect(playActions(rules, at(2, 2, 0, 1), [PICK_UP, DROP_OFF])).toMatchObject({
      rewards: [-10, -10],
      terminated: false,
    });
    expect(playActions(rules, at(0, 0, 4, 1), [PICK_UP]).rewards).toEqual([-10]);
    expect(playActions(rules, at(2, 2, 4, 1), [DROP_OFF]).rewards).toEqual([-10]);
    expect(playActions(rules, at(0, 4, 0, 1), [DROP_OFF]).rewards).toEqual([-10]);
  });
  it("leaves the passenger at a station that is not the destination for -1", () => {
    const { rewards, observations, terminated } = playActions(rules, at(0, 0, 4, 1), [DROP_OFF]);
    expect([rewards, terminated]).toEqual([[-1], false]);
    expect(decodeTaxi(observations[0] as number)).toEqual({ row: 0, column: 0, passenger: 0, destination: 1 });
  });
  it("marks as legal exactly the actions that change the state, in all 500 states", () => {
    const { table } = taxiModel();
    for (const [state, actions] of table.entries()) {
      const changes = actions.map((outcomes) => Number(outcomes[0]?.next !== state));
      expect(legalTaxi(state)).toEqual(changes);
      expect(rules.legal?.({ at: state, lastAction: -1 })).toEqual(changes);
    }
  });
  it("starts in each of the 300 states that have a ride to make, as often over 60,000 resets", () => {
    const rng = new Rng(3);
    const counts = new Array<number>(500).fill(0);
    for (let i = 0; i < 60_000; i++) counts[rules.observe(rules.reset(rng)) as number]!++;
    const starts = counts.flatMap((count, state) => {
      const { passenger, destination } = decodeTaxi(state);
      if (passenger !== 4 && passenger !== destination) return [count];
      expect(count).toBe(0);
      return [];
    });
    // 0.999 quantile of chi-square with 299 degrees of freedom
    expect(chiSquare(starts, new Array<number>(300).fill(1 / 300))).toBeLessThan(380);
  });
  it("takes no parameter but the form of its pictures", () => {
    expect(() => rulesOf(plugins[0], { isRainy: true })).toThrow("Taxi-v4: param isRainy: expected one of renderMode");
  });
  it("shows the town, the passenger, the destination and the last action", () => {
    const { state } = playActions(rules, at(3, 1, 2, 0), [NORTH]);
    expect(rules.render?.(state)).toBe(
      [
        "passenger at Y, going to R (north)",
        "| R   . | .   .   G |",
        "| .   . | .   .   . |",
        "| .  [.]  .   .   . |",
        "| . | .   . | .   . |",
        "| Y | .   . | B   . |",
      ].join("\n"),
    );
  });
});
