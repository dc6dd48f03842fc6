/** `dojang check` passes what keeps the contract, names what breaks it, and comes back from a plugin that does not. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { checkInWorker } from "../../src/cli/check-in-worker.ts";
import { runCli } from "../support/cli.ts";
import { call, lastLine } from "./call.ts";
import { CORRIDOR, FALLS_OVER, LOOPS } from "./plugins.ts";
import { startJson, userFolder } from "./user-folder.ts";

describe("dojang check", () => {
  it("passes a plugin that keeps the contract", async () => {
    const folder = userFolder({ "corridor.ts": CORRIDOR });
    const { code, stdout, stderr } = await runCli(["check", "./corridor.ts"], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^corridor-v0: \d+ rules hold, 0 broken, \d+ warnings, 0 not tried\n(.*\n)*\.\/corridor\.ts: ok\n$/,
    );
  });

  it("names rule, seed and step of what breaks it, with status 1", async () => {
    const folder = userFolder({ "falls-over.ts": FALLS_OVER });
    const done = await runCli(["check", "./falls-over.ts", "--json"], { cwd: folder });
    expect(done.code).toBe(1);
    expect(lastLine(done)).toEqual({ ok: false, envs: 1, failed: 1 });
    expect(JSON.parse(done.stdout.split("\n")[0] ?? "")).toMatchObject({
      env: "falls-over-v0",
      failed: [{ message: expect.stringMatching(/seed \d+, step \d+: .*tripped over a cable/) as string }],
    });
  });

  it("keeps what the plugin prints off stdout, and loses none of it", async () => {
    const folder = userFolder({
      "loud.ts": CORRIDOR.replace("reset: () => 0", 'reset: () => (console.log("begun"), 0)'),
    });
    const { code, stdout, stderr } = await runCli(["check", "./loud.ts", "--json"], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout.trimEnd().split("\n").map((line) => Object.keys(JSON.parse(line) as object)[0])).toEqual(["env", "ok"]); // prettier-ignore
    expect(stderr).toMatch(/^(begun\n){20,}$/);
  });

  it("checks an env that is built in by its id", async () => {
    expect(lastLine(await call("check", "FrozenLake-v1", "--json"))).toEqual({ ok: true, envs: 1, failed: 0 });
  });

  it("gives up on a plugin that loops without end", async () => {
    const file = join(userFolder(), "loops.ts");
    writeFileSync(file, LOOPS);
    const checking = checkInWorker(file, {
      signal: new AbortController().signal,
      onReport: () => undefined,
      envMs: 2_000,
    });
    await expect(checking).rejects.toThrow(
      /^loops-v0: check: expected an end within 2 seconds, got "none"\. A rule loops/,
    );
  });

  it("ends on Ctrl-C even then, with status 130", async () => {
    const folder = userFolder({ "loops.ts": LOOPS });
    const checking = startJson(folder, "check", "./loops.ts");
    // It says on stderr that it has begun to loop.
    checking.child.stderr?.once("data", () => checking.child.kill("SIGINT"));
    expect(await checking.end()).toMatchObject({ status: 130 });
  });
});
