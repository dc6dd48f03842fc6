/** `dojang check` passes what keeps the contract, names what breaks it, and comes back from a plugin that does not. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { checkInWorker } from "../../src/cli/check-in-worker.ts";
import { runCli } from "../support/cli.ts";
import { call, lastLine } from "./call.ts";
import { CORRIDOR, FALLS_OVER, LOOPS, SLOW } from "./plugins.ts";
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
      failed: [
        {
          message: expect.stringMatching(
            /seed \d+, step \d+: .*tripped over a cable \(at falls-over\.ts:11:31\)$/,
          ) as string,
        },
      ],
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

  it("adds the stack of what the plugin threw with DOJANG_DEBUG=1, and only then", async () => {
    const folder = userFolder({ "falls-over.ts": FALLS_OVER });
    const frame = /\n +at Object\.step \(file:.*falls-over\.ts:11:31\)/;
    const check = (env: NodeJS.ProcessEnv) => runCli(["check", "./falls-over.ts"], { cwd: folder, env });
    expect((await check({ DOJANG_DEBUG: "1" })).stdout).toMatch(frame);
    expect((await check({})).stdout).not.toMatch(frame);
  });

  it("refuses the id of a built-in env, as train and serve do", async () => {
    const folder = userFolder({ "corridor.ts": CORRIDOR.replace("corridor-v0", "CartPole-v1") });
    const { code, stdout } = await runCli(["check", "./corridor.ts"], { cwd: folder });
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringContaining(
        "BROKEN CartPole-v1: idIsItsOwn: plugin.id: expected an id of its own, got one that a built-in env has. Rename it",
      ) as string,
    });
  });

  it("names file and line of a module that cannot be read, and an id that is missing", async () => {
    const files = { "syntax.ts": "const a: number = 1;\nconst b = ;\n", "no-id.ts": CORRIDOR.replace(/id: .*/, "") };
    const folder = userFolder(files);
    const said = async (file: string): Promise<string> => (await runCli(["check", file], { cwd: folder })).stderr;
    expect(await said("./syntax.ts")).toMatch(/^dojang: \.\/syntax\.ts: Expression expected \(at syntax\.ts:2\)\. /);
    expect(await said("./no-id.ts")).toMatch(
      /^dojang: \.\/no-id\.ts: default export: id: expected the name of the env, got undefined\. /,
    );
  });

  it("checks an env that is built in by its id", async () => {
    expect(lastLine(await call("check", "FrozenLake-v1", "--json"))).toEqual({ ok: true, envs: 1, failed: 0 });
  });

  it("gives up on a plugin that loops without end, and names rule, seed and step", async () => {
    const file = join(userFolder(), "loops.ts");
    writeFileSync(file, LOOPS);
    const { signal } = new AbortController();
    await expect(checkInWorker(file, { signal, onReport: () => undefined, silentMs: 2_000 })).rejects.toThrow(
      /^loops-v0: neverThrows: seed 1, step 1: expected an end within 2 seconds, got "none"\. It loops/,
    );
  });

  it("waits for a build, and for a step that awaits, even where they take longer than a loop may", async () => {
    const file = join(userFolder(), "slow.ts");
    writeFileSync(file, SLOW);
    const { signal } = new AbortController();
    await checkInWorker(file, { signal, onReport: () => undefined, silentMs: 2_000 });
  });

  it("ends on Ctrl-C even then, with status 130", async () => {
    const folder = userFolder({ "loops.ts": LOOPS });
    const checking = startJson(folder, "check", "./loops.ts");
    // It says on stderr that it has begun to loop.
    checking.child.stderr?.once("data", () => checking.child.kill("SIGINT"));
    expect(await checking.end()).toMatchObject({ status: 130 });
  });
});
