/** MinAtar/Games-v0: several games as one env, each played exactly as by itself. */
import { describe, expect, it } from "vitest";
import { Rng } from "dojang/env";
import { local } from "dojang/client/local";
import plugins from "../../../envs/minatar/index.ts";
import { rulesOf, stepOf } from "../support.ts";

const find = (id: string) => plugins.find((plugin) => plugin.id === `MinAtar/${id}`);

interface State {
  readonly game: number;
}

describe("MinAtar/Games-v0", () => {
  it.each([
    ["Breakout", 0, 4],
    ["Asterix", 1, 4],
    ["Freeway", 2, 7],
  ])(
    "plays %s as game %i: rewards, ends and boards of 400 steps are its own, further layers are 0",
    (name, game, channels) => {
      const [all, own] = [rulesOf(find("Games-v0")), rulesOf(find(`${name}-v0`))];
      const [rng, ownRng, choice] = [new Rng(5), new Rng(5), new Rng(6)];
      let state = all.reset(rng, { game });
      let alone = own.reset(ownRng);
      for (let step = 0; step < 400; step++) {
        const grid = new Uint8Array(700);
        const board = new Uint8Array(100 * channels);
        expect(all.observe(state, { grid })).toEqual({ game });
        own.observe(alone, board);
        for (let cell = 0; cell < 100; cell++) {
          expect(grid.slice(7 * cell, 7 * cell + channels)).toEqual(
            board.slice(channels * cell, channels * (cell + 1)),
          );
          expect(grid.slice(7 * cell + channels, 7 * cell + 7).every((value) => value === 0)).toBe(true);
        }
        const action = choice.int(6);
        const [after, ownAfter] = [stepOf(all, state, action, rng), stepOf(own, alone, action, ownRng)];
        expect([after.reward, after.terminated]).toEqual([ownAfter.reward, ownAfter.terminated]);
        [state, alone] = after.terminated
          ? [all.reset(rng, { game }), own.reset(ownRng)]
          : [after.state, ownAfter.state];
      }
    },
  );

  it("draws each of the three games in 300 of 900 resets, give or take 60, and plays what the options say", () => {
    const rules = rulesOf(find("Games-v0"));
    const rng = new Rng(1);
    const counts = [0, 0, 0];
    for (let i = 0; i < 900; i++) counts[(rules.reset(rng) as State).game]!++;
    for (const count of counts) expect(Math.abs(count - 300)).toBeLessThan(60);
    expect(Array.from({ length: 9 }, () => (rules.reset(rng, { game: 2 }) as State).game)).toEqual(
      new Array(9).fill(2),
    );
  });

  it("has as many layers as the largest of the games that are asked for", () => {
    const rules = rulesOf(find("Games-v0"), { games: ["Seaquest", "SpaceInvaders"] });
    expect(rules.observation).toMatchObject({ fields: { game: { n: 2 }, grid: { shape: [10, 10, 10] } } });
    expect(rules.action).toMatchObject({ n: 6 });
  });

  it("says in its picture which game it is", () => {
    const rules = rulesOf(find("Games-v0"));
    const pictures = [0, 1, 2].map((game) => (rules.render?.(rules.reset(new Rng(3), { game })) as string).split("\n"));
    expect(pictures.map(([first]) => first)).toEqual(["Breakout", "Asterix", "Freeway"]);
    for (const [, ...board] of pictures) expect(board.map((line) => line.length)).toEqual(new Array(10).fill(10));
  });

  it.each([
    [{ games: [] }, /MinAtar\/Games-v0: param games: expected at least one game, and each once, got \[\]/],
    [{ games: ["Asterix", "Asterix"] }, /param games: expected at least one game, and each once/],
    [{ games: ["Pong"] }, /games.*Asterix.*Breakout/],
  ])("refuses the params %j in one line", async (params, message) => {
    const client = local();
    await expect(client.make("MinAtar/Games-v0", { params })).rejects.toThrow(message);
    await client.close();
  });

  it.each([{ game: 3 }, { game: -1 }, { game: 0.5 }, { game: "Asterix" }, { game: 0, level: 1 }, {}, [], 1])(
    "refuses the reset options %j in one line",
    (options) => {
      const rules = rulesOf(find("Games-v0"));
      expect(() => rules.reset(new Rng(1), options)).toThrow(
        /Games-v0: reset options: expected \{game: 0 \.\. 2\}, got/,
      );
    },
  );
});
