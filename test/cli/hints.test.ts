/** The command lines that dojang prints work when they are pasted into a shell: in folders with blanks, with plugins, with a server and its tokens. */
import type { ChildProcess } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";

import { flagsOf, pasted } from "../../src/cli/hint.ts";
import { run } from "../support/child.ts";
import { runCli, startCli } from "../support/cli.ts";
import { tempDir } from "../support/temp.ts";
import { testServer } from "../support/test-server.ts";
import { call, lastLine } from "./call.ts";
import { CORRIDOR } from "./plugins.ts";
import { userFolder } from "./user-folder.ts";

/** What a shell makes of a command line of ours, without the program: `dojang`, or in the repository `npm run -s dojang --`. */
async function wordsOf(line: string): Promise<string[]> {
  const { stdout } = await run("sh", ["-c", line.replace(/^(?:npm run -s )?dojang (?:-- )?/, "printf '%s\\n' ")]);
  return stdout.trimEnd().split("\n");
}

const nextOf = (stdout: string): string => /^next: (.*)$/m.exec(stdout)?.[1] ?? "";

describe("a command line to paste", () => {
  it("gives a shell back the very words", async () => {
    const words = ["eval", "a b", "it's", 'say "x"', "$HOME", "ENV.param=[1, 2]", "*", "a\\b", "(x)", "plain-1.ts"];
    expect(await wordsOf(pasted(...words))).toEqual(words);
  });

  it("repeats flags of lists, and leaves switches without a value", () => {
    const options = { plugin: ["a", "b"], stream: true, items: false, retries: 0 };
    expect(flagsOf(options, ["plugin", "stream", "items", "retries", "server"])).toEqual(
      ["--plugin", "a", "--plugin", "b", "--stream", "--retries", "0"], // prettier-ignore
    );
  });

  it("after dojang train evaluates the run, whose folder and plugin have blanks in their names", async () => {
    const cwd = userFolder();
    mkdirSync(join(cwd, "my envs"));
    writeFileSync(join(cwd, "my envs", "corridor.ts"), CORRIDOR);
    const args = ["train", "random", "./my envs/corridor.ts", "--steps", "50", "--seed", "1", "--out", "a run"];
    const { stdout } = await runCli(args, { cwd });
    const next = await wordsOf(nextOf(stdout));
    expect(next.slice(2)).toEqual(["--plugin", "./my envs/corridor.ts"]);
    expect(await runCli([...next, "--episodes", "1"], { cwd })).toMatchObject({ code: 0 });
  });

  it("after dojang train on a server names the server and the tokens", async () => {
    const server = await testServer();
    const tokens = join(tempDir(), "tokens.txt");
    writeFileSync(tokens, "a-token-of-some-length-0123456789\n");
    const out = join(tempDir(), "run");
    const at = ["--server", server.url, "--token-file", tokens];
    const { stdout } = await call("train", "random", "FrozenLake-v1", "--steps", "50", "--out", out, ...at);
    expect((await wordsOf(nextOf(stdout))).slice(2)).toEqual(at);
    expect(await call(...(await wordsOf(nextOf(stdout))), "--episodes", "1")).toMatchObject({ code: 0 });
    await server.close();
  });

  it("after Ctrl-C goes on with the run, and records on", async () => {
    const cwd = userFolder({ "corridor.ts": CORRIDOR });
    const args = ["q-learning", "corridor-v0", "--plugin", "./corridor.ts", "--seed", "1", "--out", "a run"];
    const child = startCli(["train", ...args, "--steps", "100000000", "--record", "my recordings"], { cwd });
    const { stdout, stderr } = child as ChildProcess & { stdout: Readable; stderr: Readable };
    const told = text(stdout);
    stderr.once("data", () => child.kill("SIGINT"));
    stderr.resume();
    const hint = /^interrupted; go on with: (.*)$/m.exec(await told)?.[1] ?? "";
    const words = await wordsOf(hint);
    expect(words.slice(6)).toEqual(["--plugin", "./corridor.ts", "--record", "my recordings"]);
    expect(await runCli([...words, "--steps", "1"], { cwd })).toMatchObject({ code: 0 });
    expect(readdirSync(join(cwd, "my recordings"))).toHaveLength(2);
  });
});

describe("dojang train --resume --out RUN", () => {
  it("takes agent and env from the run, and refuses others", async () => {
    const out = join(tempDir(), "run");
    await call("train", "q-learning", "FrozenLake-v1", "--steps", "100", "--num", "1", "--seed", "1", "--out", out);
    const more = await call("train", "--resume", "--out", out, "--steps", "200", "--num", "1", "--json");
    expect(lastLine(more)).toMatchObject({ agent: "q-learning", env: "FrozenLake-v1", steps: 200, status: "done" });
    for (const [args, message] of [
      [["sarsa"], 'agent: expected "q-learning", with which the run was started, got "sarsa"'],
      [["q-learning", "CliffWalking-v1"], 'env: expected "FrozenLake-v1", with which the run was started, got "CliffWalking-v1"'], // prettier-ignore
    ] as const) {
      const { code, stderr } = await call("train", ...args, "--resume", "--out", out);
      expect(code).toBe(2);
      expect(stderr.trimEnd().split("\n").at(-1)).toContain(message);
    }
  });
});
