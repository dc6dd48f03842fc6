/** Several games in one run: dealt out, evaluated and replayed game by game. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { tempDir } from "../support/temp.ts";
import { call, lastLine } from "./call.ts";

const SMALL = ["hidden=[8]", "filters=4", "experts=2", "steps=16", "minibatch=48", "epochs=1"].flatMap((one) => ["--set", one]); // prettier-ignore
const GAMES = ["train", "ppo", "MinAtar/Games-v0", "--seed", "1", "--num", "2", "--steps", "64", "--max-steps", "20", ...SMALL]; // prettier-ignore

describe("a run of several games", () => {
  it("plays the games that --resets deals out, shows each in eval, and names it in the replay", async () => {
    const [out, record] = [join(tempDir(), "run"), join(tempDir(), "recordings")];
    const resets = '[{"game": 1}, {"game": 2}]';
    const done = await call(...GAMES, "--resets", resets, "--out", out, "--record", record, "--record-observations");
    expect(done.stderr).not.toMatch(/expected/);
    expect(done.code).toBe(0);
    expect(JSON.parse(readFileSync(join(out, "config.json"), "utf8"))).toMatchObject({
      resets: [{ game: 1 }, { game: 2 }],
    });
    const score = lastLine(await call("eval", out, "--episodes", "5", "--json"));
    const games = [{ game: 1, episodes: 3 }, { game: 2, episodes: 2 }]; // prettier-ignore
    expect(score).toMatchObject({ episodes: 5, games, random: { games } });
    expect((await call("eval", out, "--episodes", "5")).stdout).toMatch(/ppo, game 2 .* 2\n/);
    const file = join(record, readdirSync(record)[0] ?? "");
    const shown = await Promise.all([0, 1].map((row) => call("replay", file, "--instance", String(row))));
    expect(shown.map(({ code }) => code)).toEqual([0, 0]);
    expect(shown[0]?.stdout).toContain("Asterix\n");
    expect(shown[0]?.stdout).not.toContain("Freeway");
    expect(shown[1]?.stdout).toContain("Freeway\n");
  });

  it.each([
    ['{"game": 1}', /--resets: expected a JSON array of reset options, got.*game/],
    ["[{", /--resets: expected a JSON array of reset options/],
  ])("refuses --resets %s in one line", async (resets, message) => {
    const { code, stdout, stderr } = await call(...GAMES, "--resets", resets, "--out", join(tempDir(), "run"));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.trimEnd().split("\n")).toEqual([expect.stringMatching(message)]);
  });

  it("says of a game that there is not which there are", async () => {
    const { code, stderr } = await call(...GAMES, "--resets", '[{"game": 9}]', "--out", join(tempDir(), "run"));
    expect(code).toBe(2);
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(
      /cannot be reset: .*reset options: expected \{game: 0 \.\. 2\}, got \{game: 9\}$/,
    );
  });
});
