/** A wrong call ends with status 2 and one line that says what, expected, got and what to do. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { runCli } from "../support/cli.ts";
import { tempDir } from "../support/temp.ts";
import { call, wrong } from "./call.ts";
import { CORRIDOR } from "./plugins.ts";
import { userFolder } from "./user-folder.ts";

const COMMANDS =
  "serve, envs, train, tune, eval, serve-policy, runs, plot, replay, episodes, recover, verify, check, doctor, demo, bench";

describe("a wrong call", () => {
  it.each([
    [["envz"], `command: expected one of ${COMMANDS}, got "envz". Did you mean envs?`],
    [["frobnicate"], `command: expected one of ${COMMANDS}, got "frobnicate". See \`dojang --help\`.`],
    [["envs", "--plugn", "x"], 'dojang envs: expected a flag it has, got "--plugn". Did you mean --plugin?'],
    [["envs", "--zzzzzz"], 'dojang envs: expected a flag it has, got "--zzzzzz". See `dojang envs --help`.'],
    [["envs", "a", "b"], 'dojang envs: expected 1 or fewer arguments, got ["a", "b"]. See `dojang envs --help`.'],
    [["envs", "--plugin"], "--plugin: expected PATH|PACKAGE, got nothing. See `dojang envs --help`."],
    [["eval", "llm", "math-v0", "--best"], "--best: expected none: it is for the evaluation of a run. Leave it out."],
    [
      ["eval", "llm", "math-v0", "--num", "3"],
      "--num: expected none: it is for the evaluation of a run. Leave it out.",
    ],
    [["train", "r1", "--steps", "9"], "--steps: expected none: it is for the other agents. Leave it out."],
    [["train"], "dojang train: expected AGENT, got nothing. See `dojang train --help`."],
    [
      ["train", "ppo", "Miner-v0"],
      'env: expected the id of an env, got "Miner-v0". Add --plugin with the file or package that has it; `dojang envs` lists the others.',
    ],
    [["check"], "dojang check: expected PLUGIN, got nothing. See `dojang check --help`."],
    [["serve", "--port", "http"], '--port: expected an integer in 0..65535, got "http"'],
    [["serve", "--port", "70000"], '--port: expected an integer in 0..65535, got "70000"'],
    [
      ["envs", "FrozenLake-v2"],
      'env: expected the id of a known env, got "FrozenLake-v2". Did you mean FrozenLake-v1?',
    ],
    [
      ["check", "FrozenLaek-v1"],
      'env: expected the id of a known env, got "FrozenLaek-v1". Did you mean FrozenLake-v1?',
    ],
    [
      ["serve", "--tls-cert", "c.pem"],
      "--tls-key: expected the key that belongs to --tls-cert, got nothing. Give both.",
    ],
    [
      ["serve", "--host", "0.0.0.0", "--port", "0"],
      "host 0.0.0.0: expected a token file for any address but loopback. Add --token-file FILE, or listen on 127.0.0.1.",
    ],
  ])("%j is answered in one line", async (args, message) => {
    expect(await call(...args)).toEqual(wrong(message));
  });

  it.each(["export", "new"])("%s, which does not exist yet, is an unknown command", async (name) => {
    const { code, stdout, stderr } = await call(name);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^dojang: command: expected one of .*\n$/);
  });

  it("shows the path and the reason for a plugin that does not load, in one line", async () => {
    const file = join(tempDir(), "broken.ts");
    writeFileSync(file, "export default {\n  id: \n");
    const { code, stdout, stderr } = await call("envs", "--plugin", file);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^dojang: \S+broken\.ts: .+\n$/);
  });

  it("says how to make a package take modules, for a plugin and for the config file", async () => {
    const folder = userFolder({ "package.json": '{"type": "commonjs"}', "corridor.ts": CORRIDOR });
    const told = await runCli(["envs", "./corridor.ts"], { cwd: folder });
    expect(told).toMatchObject({ code: 2, stdout: "" });
    expect(told.stderr).toMatch(/^dojang: \.\/corridor\.ts: .*: run `npm pkg set type=module`\.\n$/);
    writeFileSync(join(folder, "dojang.config.ts"), "export default {};");
    const again = await runCli(["envs"], { cwd: folder });
    expect(again.stderr).toMatch(/^dojang: dojang\.config\.ts: .*: run `npm pkg set type=module`\.\n$/);
  });

  it.each([
    ["train", "random", "FrozenLake-v1"],
    ["serve", "--port", "0"],
  ])("%s refuses a file as the folder for recordings", async (...args) => {
    const plain = join(tempDir(), "plain");
    writeFileSync(plain, "");
    expect(await call(...args, "--record", plain)).toEqual(
      wrong(`${plain}: expected a folder, or a name that is free, got a file. Choose another name.`),
    );
  });

  it("names a token file that does not exist", async () => {
    const { code, stdout, stderr } = await call("serve", "--token-file", "no-such-file");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^dojang: no-such-file: expected a file .*\n$/);
  });

  it("names a port that is in use and offers a free one", async () => {
    const { createServer } = await import("node:net");
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, "127.0.0.1", () => resolve()));
    const { port } = other.address() as { port: number };
    const result = await call("serve", "--port", String(port));
    other.close();
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(
      new RegExp(`^dojang: listen on 127.0.0.1:${port}: expected a free port, .* --port 0 .*\n$`),
    );
  });

  it("prints no stack trace from a real process either", async () => {
    const { code, stdout, stderr } = await runCli(["envs", "Taxi-v9"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe('dojang: env: expected the id of a known env, got "Taxi-v9". Did you mean Taxi-v3?\n');
  });
});

describe("help", () => {
  it("is on stdout with status 0 when asked for, on stderr with status 2 when nothing is", async () => {
    const asked = await call("--help");
    const bare = await call();
    expect(asked.code).toBe(0);
    expect(bare).toEqual({ code: 2, stdout: "", stderr: asked.stdout });
    for (const name of COMMANDS.split(", ")) expect(asked.stdout).toContain(name);
  });

  it("of a command names every option with its default", async () => {
    const { stdout } = await call("serve", "--help");
    expect(stdout).toContain("--token-file <FILE>");
    expect(stdout.replace(/\s+/g, " ")).toContain("port to listen on; 0 picks a free one (default 7766)");
  });

  it("prints the version of the package", async () => {
    const { stdout, code } = await call("--version");
    expect({ stdout, code }).toEqual({ stdout: "0.1.0\n", code: 0 });
  });
});
