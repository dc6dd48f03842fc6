/** `dojang eval`, `episodes`, `replay` and `recover`: what was recorded is listed, shown, verified and made whole again. */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, afterAll, describe, expect, it } from "vitest";

import { contentDigest, openRecording } from "../../src/recording/index.ts";
import { runCli } from "../support/cli.ts";
import { makeFolder, removeFolder, tempDir } from "../support/temp.ts";
import { call, callIn, lastLine, wrong } from "./call.ts";
import { CORRIDOR } from "./plugins.ts";
import { userFolder } from "./user-folder.ts";

/** One run with its recording for all tests of this file. */
let home = "";
let run = "";
let file = "";

beforeAll(async () => {
  home = makeFolder();
  run = join(home, "run");
  const record = join(home, "recordings");
  const args = ["--seed", "1", "--steps", "6000", "--num", "3", "--out", run, "--record", record];
  expect((await call("train", "q-learning", "FrozenLake-v1", ...args)).code).toBe(0);
  file = join(record, readdirSync(record)[0] ?? "");
});

afterAll(() => {
  removeFolder(home);
});

describe("dojang eval", () => {
  it("gives mean and standard error of the greedy policy beside random play, the same for the same seed", async () => {
    const first = await call("eval", run, "--episodes", "300", "--seed", "5", "--json");
    const again = await call("eval", run, "--episodes", "300", "--seed", "5", "--num", "7", "--json");
    expect(first.code).toBe(0);
    const score = lastLine(first) as { mean: number; standardError: number; random: { mean: number } };
    expect(score).toMatchObject({ agent: "q-learning", env: "FrozenLake-v1", episodes: 300, seed: 5 });
    expect(score.standardError).toBeCloseTo(Math.sqrt((score.mean * (1 - score.mean)) / 299), 3);
    expect(score.random.mean).toBeLessThan(0.1);
    expect(lastLine(again)).toMatchObject({ mean: score.mean });
  });

  it("records the greedy episodes, and no random ones", async () => {
    const record = join(tempDir(), "recordings");
    await call("eval", run, "--episodes", "20", "--record", record, "--record-observations");
    const [only, ...more] = readdirSync(record);
    expect(more).toEqual([]);
    expect(lastLine(await call("replay", join(record, only ?? ""), "--verify", "--json"))).toMatchObject({
      ok: true,
      episodes: 20,
    });
  });

  it("plays the env with other params and another time limit", async () => {
    const sure = await call("eval", run, "--episodes", "20", "--param", "isSlippery=false", "--seed", "1", "--json");
    const slippery = await call("eval", run, "--episodes", "20", "--seed", "1", "--json");
    // Nothing that is left to chance: all episodes are the same one.
    expect(lastLine(sure)).toMatchObject({ standardError: 0 });
    expect(lastLine(slippery)).not.toMatchObject({ standardError: 0 });
    const record = join(tempDir(), "recordings");
    await call("eval", run, "--episodes", "20", "--max-steps", "3", "--record", record);
    expect(lastLine(await call("episodes", join(record, readdirSync(record)[0] ?? ""), "--json"))).toMatchObject({
      episodes: 20,
      steps: 60,
    });
  });

  it("acts as in training with --sampled: it explores where the greedy policy never errs, the same way each time", async () => {
    const args = ["--episodes", "200", "--seed", "5", "--param", "isSlippery=false", "--json"];
    const greedy = lastLine(await call("eval", run, ...args));
    const [once, again] = [await call("eval", run, ...args, "--sampled"), await call("eval", run, ...args, "--sampled")].map(lastLine); // prettier-ignore
    expect(greedy).toMatchObject({ sampled: false, standardError: 0 });
    expect(once).toMatchObject({ sampled: true });
    expect(once).not.toMatchObject({ standardError: 0 });
    expect(again).toEqual(once);
  });

  it.each(["--temperature=0.5", "--model=m", "--out=x", "--resume", "--stream", "--top-p=1"])(
    "refuses %s, which is for eval llm, in one line",
    async (flag) => {
      const name = flag.split("=")[0] ?? "";
      expect(await call("eval", run, flag)).toEqual(wrong(`${name}: expected none: it is for eval llm. Leave it out.`));
    },
  );

  it("leaves alone what the variables say to eval llm", async () => {
    const variables = { DOJANG_TEMPERATURE: "0.5", DOJANG_MODEL: "m" };
    expect(await callIn({ variables }, "eval", run, "--episodes", "1")).toMatchObject({ code: 0 });
  });

  it.each([
    [
      "a folder that does not exist",
      () => "no-such-run",
      /^dojang: no-such-run: expected a run folder with a readable config\.json/,
    ],
    ["a folder that is no run", () => tempDir(), /expected a run folder with a readable config\.json/],
  ])("refuses %s in one line", async (_, folder, message) => {
    const { code, stdout, stderr } = await call("eval", folder());
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.trimEnd().split("\n")).toEqual([expect.stringMatching(message)]);
  });
});

describe("dojang episodes", () => {
  it("lists instance, number, seed, steps, return and end, with totals last", async () => {
    const { stdout, code } = await call("episodes", file, "--json");
    expect(code).toBe(0);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, number>);
    const total = lines.pop();
    expect(total).toMatchObject({ env: "FrozenLake-v1", episodes: lines.length, steps: 6000, complete: true });
    expect(lines.reduce((sum, { steps = 0 }) => sum + steps, 0)).toBe(6000);
    expect(Object.keys(lines[0] ?? {})).toEqual(["instance", "episode", "seed", "steps", "return", "end"]);
  });
});

describe("dojang replay", () => {
  it("shows every step of the episode that was asked for", async () => {
    const { stdout, stderr, code } = await call("replay", file, "--episode", "2", "--instance", "1");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [head = "", ...rest] = stdout.split("\n");
    const steps = Number(/instance 1, episode 2, seed \d+: (\d+) steps$/.exec(head)?.[1]);
    expect(rest.filter((line) => line.startsWith("step "))).toHaveLength(steps);
    expect(rest.filter((line) => line.includes("["))).toHaveLength(steps + 1);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(
      new RegExp(`^return [01] in ${steps} steps, (terminated|truncated)$`),
    );
  });

  it("gives the steps as JSON lines and the episode last", async () => {
    const result = await call("replay", file, "--json");
    const lines = result.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toMatchObject({ step: 0, reward: 0 });
    expect(lines[1]).toMatchObject({ step: 1, action: expect.any(Number) as number });
    expect(lastLine(result)).toMatchObject({ env: "FrozenLake-v1", steps: lines.length - 2 });
  });

  it("plays every episode again with --verify", async () => {
    const result = await call("replay", file, "--verify", "--json");
    expect(result.code).toBe(0);
    expect(lastLine(result)).toMatchObject({ ok: true, steps: 6000, diverged: 0, read: { complete: true } });
    const digest = await contentDigest(await openRecording(file));
    expect(lastLine(result)).toMatchObject({ digest });
    expect(digest).not.toBe(createHash("sha256").digest("hex"));
  });

  it("names the first step that differs, with status 1, when the plugin has changed", async () => {
    const folder = userFolder({ "corridor.ts": CORRIDOR });
    const trained = [
      "train",
      "random",
      "./corridor.ts",
      "--steps",
      "400",
      "--num",
      "1",
      "--seed",
      "1",
      "--out",
      "run",
      "--record",
      "rec",
    ];
    expect((await runCli(trained, { cwd: folder })).code).toBe(0);
    const recorded = join("rec", readdirSync(join(folder, "rec"))[0] ?? "");
    writeFileSync(join(folder, "corridor.ts"), CORRIDOR.replace("reward: -1", "reward: cell === 3 ? -2 : -1"));
    const { code, stdout } = await runCli(["replay", recorded, "--verify", "--plugin", "./corridor.ts"], {
      cwd: folder,
    });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^DIVERGED instance 0, episode 0, step \d+: reward: recorded -1, replayed -2\n/);
    const shown = await runCli(["replay", recorded, "--plugin", "./corridor.ts"], { cwd: folder });
    expect(shown.code).toBe(0);
    expect(shown.stderr).toMatch(/^dojang: these are not the steps that were recorded: .* recorded -1, replayed -2\. `[^`]*dojang(?: --)? replay \S+ --verify --plugin \.\/corridor\.ts` compares everything\.\n$/); // prettier-ignore
    const unknown = await runCli(["replay", recorded], { cwd: folder });
    expect(unknown).toMatchObject({ code: 2, stdout: "" });
    expect(unknown.stderr).toBe(
      `dojang: ${recorded}: expected a recording of an env that is loaded, got "corridor-v0". Add --plugin with the file or package that has it.\n`,
    );
  });

  it.each([[], ["--verify"]])("says which episodes there are when the one asked for is not, %j", async (...flags) => {
    const { code, stdout, stderr } = await call("replay", file, "--episode", "100000", "--instance", "1", ...flags);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(
      /expected an episode for --episode 100000 --instance 1, got "\d+ others"\. `[^`]*dojang(?: --)? episodes \S+` lists them\.\n$/,
    );
  });

  it.each(["replay", "episodes", "recover"])(
    "%s refuses a file that is missing, foreign or empty, in one line",
    async (command) => {
      const folder = tempDir();
      const foreign = join(folder, "foreign.mcap");
      const empty = join(folder, "empty.mcap");
      writeFileSync(foreign, "not a recording\n");
      writeFileSync(empty, "");
      for (const [path, message] of [
        [join(folder, "missing.mcap"), /expected a (recording|file) .*/],
        [foreign, /expected an MCAP file, got .*/],
        [empty, /.+/],
      ] as const) {
        const { code, stdout, stderr } = await call(command, path);
        expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
        expect(stderr).toMatch(new RegExp(`^dojang: ${path}: ${message.source}\n$`));
      }
      expect(readdirSync(folder).sort()).toEqual(["empty.mcap", "foreign.mcap"]);
    },
  );

  it.each(["replay", "episodes", "recover"])("%s names a folder in place of a file", async (command) => {
    const folder = tempDir();
    const { code, stdout, stderr } = await call(command, folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(new RegExp(`^dojang: ${folder}: expected a .*a folder"?\\. Name a file in it\\.\n$`));
  });

  it("refuses a file as the folder for pictures", async () => {
    const plain = join(tempDir(), "plain");
    writeFileSync(plain, "");
    expect(await call("replay", file, "--png", plain)).toEqual(
      wrong(`${plain}: expected a folder, or a name that is free, got a file. Choose another name.`),
    );
  });

  it("refuses JSON that is no capsule, naming the field", async () => {
    const path = join(tempDir(), "capsule.json");
    writeFileSync(path, '{"env": "FrozenLake-v1"}');
    expect(await call("replay", path)).toEqual(wrong("capsule.version: expected a text, got undefined"));
  });
});

describe("a recording that was cut", () => {
  const cut = (): string => {
    const path = join(tempDir(), "cut.mcap");
    copyFileSync(file, path);
    // The end of the index: what stands before is whole.
    truncateSync(path, statSync(path).size - 40);
    return path;
  };

  it("within its index is verified in full", async () => {
    const verified = await call("replay", cut(), "--verify", "--json");
    expect(verified).toMatchObject({ code: 0, stderr: "" });
    expect(lastLine(verified)).toMatchObject({ ok: true, steps: 6000, diverged: 0 });
  });

  it("is whole after recover: complete, all steps, verified", async () => {
    const path = cut();
    const recovered = await call("recover", path, "--json");
    expect(recovered.code).toBe(0);
    expect(lastLine(recovered)).toMatchObject({ output: path, steps: 6000, missingSteps: 0 });
    const verified = await call("replay", path, "--verify", "--json");
    expect({ code: verified.code, stderr: verified.stderr }).toEqual({ code: 0, stderr: "" });
    expect(lastLine(verified)).toMatchObject({ ok: true, steps: 6000, read: { complete: true } });
  });

  it("that lost its last chunk verifies after recover, and the damaged bytes are kept beside it", async () => {
    const path = cut();
    truncateSync(path, Math.floor(statSync(path).size * 0.4));
    const before = readFileSync(path);
    const damaged = await call("replay", path, "--verify");
    expect(damaged.code).toBe(1);
    expect(damaged.stderr).toMatch(
      new RegExp(`^dojang: ${path}: readable up to byte \\d+ of ${before.length}: .*\`[^\`]*dojang(?: --)? recover ${path}\` makes it whole and keeps the damaged bytes beside it`), // prettier-ignore
    );
    const recovered = lastLine(await call("recover", path, "--json")) as { bytesLost: number };
    expect(recovered.bytesLost).toBeGreaterThan(0);
    expect(readFileSync(`${path}.damaged`)).toEqual(before);
    expect(lastLine(await call("replay", path, "--verify", "--json"))).toMatchObject({
      ok: true,
      read: { complete: true },
    });
  });

  it("is left alone where --out names a new file, and an existing file is not overwritten", async () => {
    const path = cut();
    const before = readFileSync(path);
    expect((await call("recover", path, "--out", `${path}.new`)).code).toBe(0);
    expect(readFileSync(path)).toEqual(before);
    expect(existsSync(`${path}.damaged`)).toBe(false);
    expect(await call("recover", path, "--out", `${path}.new`)).toEqual(
      wrong(`--out ${path}.new: expected a name that is free, got "a file"`),
    );
  });
});
