/** `dojang train` learns, keeps a run folder, resumes it, and tells in one line what is wrong with a call or an env. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { runCli } from "../support/cli.ts";
import { tempDir } from "../support/temp.ts";
import { call, lastLine, wrong, type CallResult } from "./call.ts";
import { CORRIDOR, FALLS_OVER, NEVER_BEGINS } from "./plugins.ts";
import { startJson, userFolder } from "./user-folder.ts";

interface Result {
  readonly status: string;
  readonly env: string;
  readonly seed: number;
  readonly steps: number;
  readonly episodes: number;
  readonly recentReturn: number;
  readonly faults: number;
  readonly run: string;
}

const resultOf = (done: Pick<CallResult, "stdout">): Result => lastLine(done) as Result;
const LAKE = ["train", "q-learning", "FrozenLake-v1", "--seed", "1"];

describe("dojang train", () => {
  it("writes a run folder of the seed and the settings it was called with", async () => {
    const out = join(tempDir(), "run");
    const set = ["--set", "alpha=0.2", "--set", "epsilon.to=0.01", "--param", "isSlippery=false", "--max-steps", "50"];
    const done = await call(
      ...LAKE,
      "--steps",
      "2000",
      "--num",
      "4",
      "--autoreset",
      "disabled",
      "--out",
      out,
      ...set,
      "--json",
    );
    expect(done.code).toBe(0);
    expect(resultOf(done)).toMatchObject({
      status: "done",
      env: "FrozenLake-v1",
      seed: 1,
      steps: 2000,
      faults: 0,
      run: out,
    });
    const read = (name: string): unknown => JSON.parse(readFileSync(join(out, name), "utf8"));
    expect(read("config.json")).toMatchObject({
      num: 4,
      autoreset: "disabled",
      config: { alpha: 0.2, epsilon: { to: 0.01 } },
      params: { isSlippery: false },
    });
    expect(read("receipt.json")).toMatchObject({ env: { maxSteps: 50 } });
    expect(existsSync(join(out, "checkpoint.safetensors"))).toBe(true);
  });

  it("names the run after agent, env and seed, trains a plugin file, and keeps people's text off stdout with --json", async () => {
    const folder = userFolder({ "corridor.ts": `console.log("loaded");\n${CORRIDOR}` });
    const args = [
      "train",
      "q-learning",
      "./corridor.ts",
      "--param",
      "length=6",
      "--set",
      "epsilon.over=1000",
      "--steps",
      "4000",
      "--seed",
      "7",
      "--json",
    ];
    const done = await runCli(args, { cwd: folder });
    expect(done.code).toBe(0);
    const { run, recentReturn } = resultOf(done);
    expect(run).toMatch(/runs\/q-learning-corridor-v0-seed7-\d{8}-\d{6}$/);
    // Five steps to the end; exploration costs a few.
    expect(recentReturn).toBeGreaterThan(-10);
    for (const line of done.stdout.trimEnd().split("\n")) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(done.stderr).toMatch(
      /^loaded\ntrain q-learning on corridor-v0 -> runs\/\S+\ntrain: 100%, 4,000 of 4,000 steps, .*\n$/,
    );
  });

  it("draws and tells a seed where none is given", async () => {
    const done = await call(
      "train",
      "random",
      "FrozenLake-v1",
      "--steps",
      "64",
      "--out",
      join(tempDir(), "run"),
      "--json",
    );
    expect(resultOf(done).seed).toBeGreaterThanOrEqual(0);
    expect(done.code).toBe(0);
  });

  it("ends with status 130 and a checkpoint after Ctrl-C, and --resume finishes the same run bit by bit", async () => {
    const folder = userFolder();
    const args = [...LAKE, "--steps", "400000", "--num", "2"];
    const first = startJson(folder, ...args, "--out", "run");
    await first.line<{ step?: number }>(({ step = 0 }) => step > 0);
    first.child.kill("SIGINT");
    const { status, stderr } = await first.end();
    expect({ status, stderr }).toMatchObject({ status: 130 });
    const resumed = await runCli([...args, "--out", "run", "--resume", "--json"], { cwd: folder });
    expect(resumed.code).toBe(0);
    expect(resultOf(resumed)).toMatchObject({ status: "done", steps: 400_000 });
    const whole = await runCli([...args, "--out", "whole", "--json"], { cwd: folder });
    expect(resultOf(resumed).recentReturn).toBe(resultOf(whole).recentReturn);
    expect(resultOf(resumed).episodes).toBe(resultOf(whole).episodes);
  });

  it("finds the run to resume by agent, env and seed", async () => {
    const folder = userFolder();
    const done = await runCli([...LAKE, "--steps", "1000", "--max-steps", "30", "--json"], { cwd: folder });
    const more = await runCli([...LAKE, "--steps", "2000", "--resume", "--json"], { cwd: folder });
    expect(resultOf(more)).toMatchObject({ run: resultOf(done).run, steps: 2000 });
    expect(JSON.parse(readFileSync(join(resultOf(more).run, "receipt.json"), "utf8"))).toMatchObject({
      env: { maxSteps: 30 },
    });
    const other = await runCli([...LAKE, "--max-steps", "31", "--resume"], { cwd: folder });
    expect(other.code).toBe(2);
    expect(other.stderr.trimEnd().split("\n").at(-1)).toMatch(
      /: maxSteps: expected 30, with which the run was started, got 31\. Leave it out, or start a new run\.$/,
    );
    const none = await runCli(["train", "sarsa", "FrozenLake-v1", "--resume"], { cwd: folder });
    expect(none).toMatchObject({ code: 2, stdout: "" });
    expect(none.stderr).toBe(
      "dojang: --resume: expected a run named runs/sarsa-FrozenLake-v1-seed..., got []. Name its folder with --out.\n",
    );
  });
});

describe("a wrong call of dojang train", () => {
  const train = (...args: string[]): Promise<CallResult> => call("train", ...args, "--out", join(tempDir(), "run"));
  const oneLine = (done: CallResult): string | undefined => done.stderr.trimEnd().split("\n").at(-1);

  it.each([
    [
      ["q-lerning", "FrozenLake-v1"],
      'agent: expected one of random, q-learning, .*, got "q-lerning". Did you mean "q-learning"\\?',
    ],
    [
      ["q-learning", "FrozenLak-v1"],
      'env: expected the id of a known env, got "FrozenLak-v1". Did you mean FrozenLake-v1\\?',
    ],
    [["q-learning", "./nothing.ts"], "./nothing.ts: expected a file or folder that exists. .*"],
    [
      ["q-learning", "FrozenLake-v1", "--set", "alpa=1"],
      'q-learning: --set: expected one of alpha, .*, got "alpa". Did you mean "alpha"\\?',
    ],
    [["q-learning", "FrozenLake-v1", "--set", "alpha"], 'q-learning: --set: expected key=value, got "alpha"'],
    [
      ["q-learning", "FrozenLake-v1", "--set", "alpha=7"],
      "q-learning: param alpha: expected a finite number in .*, got 7",
    ],
    [
      ["q-learning", "FrozenLake-v1", "--param", "mapNam=8x8"],
      'FrozenLake-v1: param mapNam: expected one of .*. Did you mean "mapName"\\?',
    ],
    [
      ["q-learning", "FrozenLake-v1", "--param", "mapName=9x9"],
      'FrozenLake-v1: param mapName: expected one of .*, got "9x9"',
    ],
    [
      ["q-learning", "FrozenLake-v1", "--param", "isSlippery=maybe"],
      '--param isSlippery: expected true or false, got "maybe"',
    ],
    [["q-learning", "FrozenLake-v1", "--param", "isSlippery"], '--param: expected KEY=VALUE, got "isSlippery"'],
    [
      ["q-learning", "FrozenLake-v1", "--server", "http://h:1"],
      '--server: expected an address .*, got "http://h:1". Did you mean ws://h:1\\?',
    ],
    [
      ["q-learning", "FrozenLake-v1", "--server", "ws://h:1", "--plugin", "x"],
      "--plugin: expected none beside --server, .*",
    ],
    [
      ["q-learning", "FrozenLake-v1", "--server", "ws://h:1", "--record", "x"],
      "--record: expected none beside --server, .*",
    ],
    [
      ["q-learning", "FrozenLake-v1", "--server", "ws://127.0.0.1:9"],
      "--server: ws://127.0.0.1:9: .*Start (one|a server) with `dojang serve`.",
    ],
  ])("%j is answered in one line", async (args, message) => {
    const done = await train(...args);
    expect({ ...done, stderr: oneLine(done) }).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(new RegExp(`^dojang: ${message}$`)) as string,
    });
  });

  it("leaves no run folder behind", async () => {
    const out = join(tempDir(), "run");
    await call(...LAKE, "--param", "mapName=9x9", "--out", out);
    expect(existsSync(out)).toBe(false);
  });

  it("does not overwrite a folder, nor resume what is none", async () => {
    const folder = tempDir();
    writeFileSync(join(folder, "precious"), "");
    expect(oneLine(await call(...LAKE, "--out", folder))).toContain(
      "expected a folder that does not exist yet. Go on with --resume",
    );
    expect(oneLine(await call(...LAKE, "--out", folder, "--resume"))).toContain(
      "expected a run folder with a readable config.json",
    );
    expect(readdirSync(folder)).toEqual(["precious"]);
  });

  it("names the argument that is missing", async () => {
    expect(await call("train", "q-learning")).toEqual(
      wrong("dojang train: expected ENV, got nothing. See `dojang train --help`."),
    );
  });
});

describe("an env that fails", () => {
  it("in a step is told of with status 1, and its capsule shows the failure again", async () => {
    const folder = userFolder({ "falls-over.ts": FALLS_OVER });
    const done = await runCli(["train", "q-learning", "./falls-over.ts", "--steps", "500", "--out", "run", "--json"], {
      cwd: folder,
    });
    expect(done.code).toBe(1);
    expect(resultOf(done).faults).toBeGreaterThan(0);
    expect(done.stderr).toMatch(
      /\d+ steps failed in the env and were left out; the first: falls-over-v0: .*tripped over a cable \(at falls-over\.ts:11:31\)\. See it again: .*replay run\/faults\/\S+\.json --plugin \.\/falls-over\.ts\n$/,
    );
    const [file = ""] = readdirSync(join(folder, "run", "faults"));
    const again = await runCli(["replay", join("run", "faults", file), "--plugin", "./falls-over.ts", "--json"], {
      cwd: folder,
      env: { DOJANG_DEBUG: "1" },
    });
    expect(again.code).toBe(0);
    expect(again.stderr).toMatch(/^Error: tripped over a cable\n +at Object\.step \(file:.*falls-over\.ts:11:31\)\n/);
    expect(lastLine(again)).toMatchObject({ env: "falls-over-v0", reproduced: true, step: 2 });
    const repaired = FALLS_OVER.replace("cell === 2", "cell === 200");
    writeFileSync(join(folder, "falls-over.ts"), repaired);
    const gone = await runCli(["replay", join("run", "faults", file), "--plugin", "./falls-over.ts", "--json"], {
      cwd: folder,
    });
    expect(gone.code).toBe(1);
    expect(lastLine(gone)).toMatchObject({ reproduced: false });
  });

  it("in its reset ends the run with status 1 and one line that names it", async () => {
    const folder = userFolder({ "never-begins.ts": NEVER_BEGINS });
    const { code, stdout, stderr } = await runCli(["train", "q-learning", "./never-begins.ts", "--out", "run"], {
      cwd: folder,
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(
      /^dojang: never-begins-v0: .*no floor \(at never-begins\.ts:10:15\)$/,
    );
  });
});
