/** docs/your-first-env.md, followed to the letter: every file written, every command run, in an empty folder with the packed package. */
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, it } from "vitest";

import { freePort } from "../support/free-port.ts";
import { run, startChild, type RunResult } from "../support/child.ts";
import { blocksOf, type Block } from "../support/markdown.ts";
import { packedTarball, userEnv } from "../support/packed.ts";
import { makeFolder, removeFolder } from "../support/temp.ts";
import { ROOT } from "./sources.ts";

const guide = readFileSync(join(ROOT, "docs/your-first-env.md"), "utf8");

let folder = "";
let env: Record<string, string | undefined> = {};

beforeAll(async () => {
  folder = makeFolder();
  env = userEnv();
  await packedTarball();
}, 180_000);

afterAll(() => {
  removeFolder(folder);
});

it("works block by block: checks, serves, connects, learns, replays", { timeout: 180_000 }, async () => {
  const outputs = await follow(blocksOf(guide));
  const said = (command: string): RunResult => {
    const found = outputs.find(({ code }) => code.includes(command));
    if (found === undefined) throw new Error(`the guide has no command with "${command}"`);
    return found.result;
  };
  expect(said("node agent.ts").stdout.trim().split("\n").at(-1)).toMatch(
    /^7 .*\[ -1, -1, -1, -1 \] .*\[ 1, 1, 1, 1 \]$/,
  );
  expect(said("dojang check").stdout).toContain("0 broken");

  const { mean, standardError, random } = await evaluation();
  const noise = Math.hypot(standardError, random.standardError);
  expect(mean).toBe(-7);
  expect(noise).toBeGreaterThan(0);
  expect(mean - random.mean).toBeGreaterThan(3 * noise);

  await changedRulesAreNoticed();
});

/** The last section's claim: after a change of the rules the replay fails and names a step. */
async function changedRulesAreNoticed(): Promise<void> {
  const file = join(folder, "corridor.ts");
  writeFileSync(file, readFileSync(file, "utf8").replace("reward: -1", "reward: -2"));
  const { code, stdout } = await shell("npx dojang replay evaluation/*.mcap --plugin ./corridor.ts --verify");
  expect(code).toBe(1);
  expect(stdout).toMatch(/step 1: reward: recorded -1, replayed -2/);
}

interface Score {
  readonly mean: number;
  readonly standardError: number;
}

/** What the guide's eval prints as a table, as data. */
async function evaluation(): Promise<Score & { readonly random: Score }> {
  const { stdout } = await succeed(
    "npx dojang eval runs/corridor --plugin ./corridor.ts --episodes 100 --seed 2 --json",
  );
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Score & { random: Score };
}

/** Two words of the guide are replaced: the package is the packed one, and the port (7766 by default) one that is free here. */
async function follow(blocks: readonly Block[]): Promise<{ code: string; result: RunResult }[]> {
  const tarball = await packedTarball();
  const port = String(await freePort());
  const outputs: { code: string; result: RunResult }[] = [];
  for (const { language, name, code: written } of blocks) {
    const code = written
      .replaceAll("npm install dojang", `npm install --prefer-offline ${tarball}`)
      .replaceAll("7766", port);
    if (language === "ts") writeFileSync(join(folder, name), code);
    else if (name === "server") await serve(code.trim(), port);
    else outputs.push({ code, result: await succeed(code) });
  }
  return outputs;
}

async function succeed(code: string): Promise<RunResult> {
  const result = await shell(code);
  if (result.code !== 0) throw new Error(`${code} ended with ${result.code}:\n${result.stdout}${result.stderr}`);
  return result;
}

const shell = (code: string): Promise<RunResult> => run("bash", ["-euo", "pipefail", "-c", code], { cwd: folder, env });

/** Runs the server of the guide until the test ends; ready when it has said where it listens. */
async function serve(command: string, port: string): Promise<void> {
  const child = startChild("bash", ["-c", command], {
    cwd: folder,
    env: { ...process.env, ...env, DOJANG_PORT: port },
  });
  const lines = createInterface({ input: child.stdout! });
  const signal = AbortSignal.timeout(30_000);
  const ended = once(child, "exit").then(() => Promise.reject(new Error(`${command} ended before it served`)));
  ended.catch(() => undefined); // it is killed when the test is over
  const [line] = (await Promise.race([once(lines, "line", { signal }), ended])) as [string];
  expect(line).toContain(`ws://127.0.0.1:${port} serves`);
}
