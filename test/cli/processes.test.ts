/** Processes end as they should: Ctrl-C and SIGTERM close recordings, kill -9 loses at most the open chunk, and no child is left. */
import { createHash } from "node:crypto";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { connect } from "../../src/client/index.ts";
import { freePort } from "../support/free-port.ts";
import { runCli } from "../support/cli.ts";
import { strayProcesses } from "../support/leaks.ts";
import { call, lastLine } from "./call.ts";
import { startJson, startServer, userFolder } from "./user-folder.ts";

const files = (folder: string): string[] => readdirSync(folder).map((name) => join(folder, name));
const LAKE = ["train", "q-learning", "FrozenLake-v1", "--seed", "1", "--steps", "50000000", "--num", "8"];

/** Waits, without a clock of its own, until something was written to the disk. */
async function untilWritten(folder: string, bytes: number): Promise<void> {
  for (;;) {
    const sizes = files(folder).map((path) => statSync(path).size);
    if (sizes.some((size) => size > bytes)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("dojang serve", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("ends with status 0 on %s, and the recording is closed", async (signal) => {
    const folder = userFolder();
    const server = await startServer(folder, "--record", "rec");
    const client = connect(server.url);
    const env = await client.make("FrozenLake-v1", { num: 3, seed: 1 });
    await env.reset();
    for (let t = 0; t < 50; t++) await env.step(new Int32Array([1, 2, 1]));
    server.child.kill(signal);
    expect(await server.end()).toMatchObject({ status: 0 });
    await client.close();
    const [file = ""] = files(join(folder, "rec"));
    const verified = await call("replay", file, "--verify", "--json");
    expect(verified).toMatchObject({ code: 0, stderr: "" });
    expect(lastLine(verified)).toMatchObject({ ok: true, read: { complete: true } });
  });

  it("prints one line with address, envs and process", async () => {
    const server = startJson(userFolder(), "serve", "--port", "0");
    const line = await server.line<{ url: string; envs: string[]; pid: number }>(() => true);
    expect(line.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
    expect(line.envs).toContain("FrozenLake-v1");
    expect(line.pid).toBe(server.child.pid);
    server.child.kill("SIGTERM");
    expect(await server.end()).toEqual({ status: 0, stderr: "" });
  });

  it("stopped and started again on the same port is where a training goes on, as if nothing had happened", async () => {
    const folder = userFolder();
    const port = String(await freePort());
    const train = ["train", "q-learning", "FrozenLake-v1", "--seed", "1", "--steps", "60000", "--num", "2"];
    const first = startJson(folder, "serve", "--port", port);
    const { url } = await first.line<{ url: string }>(() => true);
    const agent = startJson(folder, ...train, "--server", url, "--out", "run");
    await agent.line<{ step?: number }>(({ step = 0 }) => step > 0);
    first.child.kill("SIGTERM");
    expect(await first.end()).toMatchObject({ status: 0 });
    const second = startJson(folder, "serve", "--port", port);
    const result = await agent.line<{ status?: string; episodes: number; recentReturn: number }>(
      (line) => "status" in line,
    );
    second.child.kill("SIGTERM");
    expect(await second.end()).toMatchObject({ status: 0 });
    const whole = lastLine(await callHere(folder, ...train)) as typeof result;
    expect(result).toMatchObject({ status: "done", episodes: whole.episodes, recentReturn: whole.recentReturn });
  });

  it("lets in who has a token of the file, and tells others why not in one line", async () => {
    const folder = userFolder();
    const token = createHash("sha256").update("a token of this test").digest("hex");
    writeFileSync(join(folder, "tokens.txt"), `# one a line\n${token}\n`);
    writeFileSync(join(folder, "wrong.txt"), `${token.replace(/./g, "x")}\n`);
    const server = await startServer(folder, "--token-file", "tokens.txt");
    const train = (...args: string[]) =>
      runCli(["train", "random", "FrozenLake-v1", "--steps", "100", "--server", server.url, ...args], { cwd: folder });
    expect((await train("--token-file", "tokens.txt")).code).toBe(0);
    const refused = await train("--token-file", "wrong.txt", "--out", "refused");
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 2, stdout: "" });
    expect(refused.stderr.trimEnd().split("\n").at(-1)).toMatch(/^dojang: (--server: )?ws:\S+: .*token/i);
    expect(refused.stderr).not.toContain("xxxxxxxx");
  });
});

describe("dojang train --record", () => {
  it("closes recording and checkpoint on Ctrl-C, with status 130", async () => {
    const folder = userFolder();
    const agent = startJson(folder, ...LAKE, "--out", "run", "--record", "rec");
    await agent.line<{ step?: number }>(({ step = 0 }) => step > 1_000);
    agent.child.kill("SIGINT");
    expect(await agent.end()).toMatchObject({ status: 130 });
    const [file = ""] = files(join(folder, "rec"));
    expect(lastLine(await call("episodes", file, "--json"))).toMatchObject({ complete: true });
    expect((await call("eval", join(folder, "run"), "--episodes", "5")).code).toBe(0);
  });
});

describe("kill -9 during a recorded training", () => {
  it.each(["server", "agent"] as const)(
    "of the %s leaves a recording that recover makes whole and replay verifies",
    async (victim) => {
      const folder = userFolder();
      const server = await startServer(folder, "--record", "rec");
      const agent = startJson(folder, ...LAKE, "--server", server.url, "--out", "run");
      await agent.line<{ step?: number }>(({ step = 0 }) => step > 1_000);
      await untilWritten(join(folder, "rec"), 20_000);
      const [live = ""] = files(join(folder, "rec"));
      const [writer, refused] = [`process ${server.child.pid}`, await call("recover", live)];
      expect(refused.stderr).toContain(`expected a recording that no process writes to, got "${writer}"`);
      expect((await call("episodes", live)).stdout).toContain(`NOT complete: ${writer} is still writing to it`);
      (victim === "server" ? server : agent).child.kill("SIGKILL");
      if (victim === "agent") server.child.kill("SIGTERM");
      else agent.child.kill("SIGINT");
      const [served, trained] = await Promise.all([server.end(), agent.end()]);
      expect({ served: served.status, trained: trained.status }).toEqual(
        victim === "agent" ? { served: 0, trained: "SIGKILL" } : { served: "SIGKILL", trained: 130 },
      );
      const [file = ""] = files(join(folder, "rec"));
      const recovered = await call("recover", file, "--json");
      expect(recovered.code).toBe(0);
      const { steps } = lastLine(recovered) as { steps: number };
      expect(steps).toBeGreaterThan(1_000);
      const verified = await call("replay", file, "--verify", "--json");
      expect(verified.code).toBe(0);
      expect(lastLine(verified)).toMatchObject({ ok: true, steps, read: { complete: true } });
    },
  );
});

describe("dojang demo", () => {
  it("trains, records, replays and verifies, and ends with its result as one line", async () => {
    const folder = userFolder();
    const demo = await runCli(["demo", "--json", "--steps", "20000", "--episodes", "60"], { cwd: folder });
    expect(demo.code).toBe(0);
    const result = lastLine(demo) as Record<string, number | string>;
    expect(result).toMatchObject({ agent: "q-learning", env: "FrozenLake-v1", episodes: 60, verified: 60 });
    // Computed from the env's table; the README of FrozenLake has them from elsewhere.
    expect(result["random"]).toBeCloseTo(0.0139, 4);
    expect(result["optimum"]).toBeCloseTo(0.7442, 4);
    expect(result["score"]).toBeGreaterThan(0.2);
    for (const line of demo.stdout.trimEnd().split("\n")) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(demo.stderr).toContain("verified: 60 episodes");
  });

  it.each(["server", "train"])(
    "ends with status 130 after Ctrl-C at %s and leaves no process behind",
    async (phase) => {
      const folder = userFolder();
      const demo = startJson(folder, "demo", "--steps", "10000000");
      await demo.line<{ phase?: string }>((line) => line.phase === phase);
      demo.child.kill("SIGINT");
      expect(await demo.end()).toMatchObject({ status: 130 });
      expect(children()).toEqual([]);
    },
  );

  it("killed outright takes its agent with it", async () => {
    const folder = userFolder();
    const demo = startJson(folder, "demo", "--steps", "10000000");
    await demo.line<{ phase?: string }>((line) => line.phase === "train");
    expect(children().length).toBeGreaterThan(1);
    process.kill(demo.child.pid ?? 0, "SIGKILL");
    // The agent holds the other end of the pipes: they close when it is gone.
    expect(await demo.end()).toMatchObject({ status: "SIGKILL" });
    while (children().length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });
});

const callHere = (folder: string, ...args: string[]) => call(...args, "--out", join(folder, "whole"), "--json");

const children = (): string[] => strayProcesses(`DOJANG_TEST_FILE=${process.env["DOJANG_TEST_FILE"] ?? ""}`);
