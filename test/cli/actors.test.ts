/** `dojang train` with actors in other processes: they find a plugin where the command found it, and an option that would not reach them is refused. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { call, lastLine, wrong } from "./call.ts";
import { CORRIDOR } from "./plugins.ts";
import { userFolder } from "./user-folder.ts";

const A3C = ["train", "a3c", "CartPole-v1", "--seed", "1", "--steps", "200", "--num", "2"];

describe("dojang train a3c", () => {
  it("trains on a plugin file that its actors load, too, and leaves a run that can be evaluated", async () => {
    const folder = userFolder({ "corridor.ts": CORRIDOR });
    const [plugin, out] = [join(folder, "corridor.ts"), join(folder, "run")];
    const set = ["--set", "actors=1", "--set", "hidden=[16]"];
    const done = await call("train", "a3c", plugin, "--steps", "200", "--num", "2", "--seed", "1", "--out", out, ...set, "--json"); // prettier-ignore
    expect(done).toMatchObject({ code: 0 });
    expect(lastLine(done)).toMatchObject({ status: "done", agent: "a3c", steps: 200 });
    const played = await call("eval", out, "--plugin", plugin, "--episodes", "2", "--json");
    expect(lastLine(played)).toMatchObject({ episodes: 2 });
  }, 60_000);

  it.each([
    [["--record", "x"], "--record"],
    [["--env-param", "CartPole-v1.x=1"], "--env-param"],
    [["--data", "x"], "--data"],
  ])("refuses %j, which its actors would not know of", async (more, flag) => {
    expect(await call(...A3C, ...more)).toEqual(
      wrong(
        `train a3c: expected none of --record, --env-param, --data, got "${flag}". Its actors make their envs in processes of their own: give it to \`dojang serve\`, and --server here.`,
      ),
    );
  });
});
