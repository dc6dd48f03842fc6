/** `dojang train --from`: a clone of a run's recordings, and what is refused in one line with no folder left behind. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempDir } from "../support/temp.ts";
import { testServer } from "../support/test-server.ts";
import { call, lastLine } from "./call.ts";
import { CORRIDOR } from "./plugins.ts";
import { userFolder } from "./user-folder.ts";

const QUICK = ["--seed", "1", "--set", "hidden=[16]", "--set", "every=8"];

describe("dojang train --from", () => {
  it("clones a recorded policy of a plugin file from digests, and is evaluated on the env", async () => {
    const folder = userFolder({ "corridor.ts": CORRIDOR });
    const [plugin, shown, clone] = ["corridor.ts", "shown", "clone"].map((name) => join(folder, name)) as [string, string, string]; // prettier-ignore
    const teacher = join(folder, "teacher");
    await call("train", "q-learning", plugin, "--seed", "1", "--steps", "3000", "--set", "epsilon.over=2000", "--out", teacher); // prettier-ignore
    await call("eval", teacher, "--plugin", plugin, "--episodes", "10", "--record", shown);
    const done = await call("train", "behaviour-cloning", plugin, "--from", shown, "--steps", "2000", "--eval-every", "2000", "--out", clone, "--json", ...QUICK); // prettier-ignore
    expect(done).toMatchObject({ code: 0 });
    expect(lastLine(done)).toMatchObject({ status: "done", faults: 0, evaluation: { mean: -7 } });
  }, 60_000);

  it("refuses wrong recordings with status 2 and one line, and leaves no run behind", async () => {
    const folder = tempDir();
    const [lake, empty, out] = ["lake", "empty", "out"].map((name) => join(folder, name)) as [string, string, string];
    mkdirSync(empty);
    await call("train", "random", "FrozenLake-v1", "--steps", "200", "--record", lake, "--out", join(folder, "random"));
    const { url } = await testServer();
    const cases: readonly (readonly [args: readonly string[], line: RegExp])[] = [
      [["FrozenLake-v1", "--from", join(folder, "none")], /train: from: expected a recording or a folder of recordings, got ".*none"$/],
      [["FrozenLake-v1", "--from", empty], /train: from: expected a file that matches, or a folder with \.mcap files, got /],
      [["CartPole-v1", "--from", lake], /\.mcap: env: expected CartPole-v1, got "FrozenLake-v1"\. /],
      [["FrozenLake-v1", "--param", "mapName=8x8", "--from", lake], /param mapName: expected "8x8", got "4x4"\. /],
      [["FrozenLake-v1", "--from", lake, "--num", "2"], /train: num: expected none beside recordings to learn from, got 2$/],
      // The env is the server's: nothing here can play the episodes again.
      [["FrozenLake-v1", "--from", lake, "--server", url], /expected an episode to learn from, got ".*it holds digests only/],
      [["FrozenLake-v1"], /behaviour-cloning: transitions: .*`dojang train --from PATH`/],
    ]; // prettier-ignore
    for (const [args, line] of cases) {
      const { code, stderr } = await call("train", "behaviour-cloning", ...args, "--seed", "1", "--out", out);
      expect(stderr.trimEnd().split("\n").at(-1)).toMatch(line);
      expect(stderr.match(/^dojang: /gm)).toHaveLength(1);
      expect([code, existsSync(out)]).toEqual([2, false]);
    }
  }, 60_000);
});
