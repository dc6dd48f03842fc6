/** The tarball that npm would publish works in an empty folder: commands, types and exports, and one line on an old Node. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { run, type RunResult } from "../support/child.ts";
import { installPacked, npm, packedTarball, SYSTEM_PATH, userEnv } from "../support/packed.ts";
import { makeFolder, removeFolder } from "../support/temp.ts";
import { ROOT } from "./sources.ts";

/** A file, or files by condition. */
type Target = string | { readonly [condition: string]: Target };

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, Target>>;
  readonly imports: Readonly<Record<string, Target>>;
}

const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;

/** The export condition that only this repository knows; its targets are sources, which are not published. */
const OURS = "dojang-source";

/** Every file that a target can mean to a user. */
function filesOf(target: Target): string[] {
  if (typeof target === "string") return [target];
  return Object.entries(target).flatMap(([condition, inner]) => (condition === OURS ? [] : filesOf(inner)));
}

let folder = "";
let installed = "";

beforeAll(async () => {
  folder = makeFolder();
  await installPacked(folder);
  installed = join(folder, "node_modules/dojang");
}, 180_000);

afterAll(() => {
  removeFolder(folder);
});

describe("the tarball", () => {
  it("holds every file that bin, exports and imports name", () => {
    const named = [manifest.bin, manifest.exports, manifest.imports].flatMap(filesOf);
    expect(named.length).toBeGreaterThan(12);
    expect(named.filter((path) => !existsSync(join(installed, path)))).toEqual([]);
  });

  it("holds no source, test or script", () => {
    const names = ["src", "test", "scripts", "bench", "bin.ts", "tsconfig.json", ".ci"];
    expect(names.filter((name) => existsSync(join(installed, name)))).toEqual([]);
  });

  it("holds nothing that publint objects to", async () => {
    const bytes = readFileSync(await packedTarball());
    const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    const said = messages.filter(({ path, code }) => !path.includes(OURS) && code !== "EXPORTS_TYPES_SHOULD_BE_FIRST");
    expect(said.map((message) => formatMessage(message, pkg))).toEqual([]);
  });
});

describe("in an empty folder", () => {
  it("npx dojang --help prints the commands", async () => {
    const { stdout, stderr } = await npm(["dojang", "--help"], folder, "npx");
    expect(stdout).toMatch(/Usage: dojang/);
    expect(stdout).toMatch(/\bserve\b/);
    expect(withoutNpm(stderr)).toBe("");
  });

  it("npx dojang envs --json lists FrozenLake-v1 in its last line", async () => {
    const { stdout } = await npm(["dojang", "envs", "--json"], folder, "npx");
    expect(stdout.trim().split("\n").at(-1)).toContain('"FrozenLake-v1"');
  });

  it("imports every export", async () => {
    const names = Object.keys(manifest.exports).filter((name) => name !== "./package.json");
    const script = names.map((name) => `await import("dojang${name.slice(1)}");`).join("\n");
    writeFileSync(join(folder, "imports.mjs"), script);
    expect(await run("node", ["imports.mjs"], { cwd: folder, env: userEnv() })).toMatchObject({ code: 0, stderr: "" });
  });

  it("type-checks a strict TypeScript file against the packed types, libraries included", async () => {
    writeFileSync(join(folder, "consumer.ts"), CONSUMER);
    const { stdout, code } = await tsc("consumer.ts");
    expect(stdout).toBe("");
    expect(code).toBe(0);
  });

  it("refuses a wrong action type with the packed types", async () => {
    writeFileSync(join(folder, "wrong.ts"), CONSUMER.replace("action === 1", 'action === "right"'));
    expect((await tsc("wrong.ts")).stdout).toContain("error TS2367");
  });
});

const CONSUMER = `
import { checkEnv, defineEnv, discrete, int, rules } from "dojang/env";
import { connect } from "dojang/client";
import { qLearning } from "dojang/agents";

export const corridor = defineEnv({
  id: "corridor-v0",
  params: { length: int(8, { min: 2, max: 1_000 }) },
  build: ({ length }) =>
    rules({
      action: discrete(2),
      observation: discrete(length),
      maxSteps: 10 * length,
      reset: () => 0,
      step(cell, action) {
        const state = Math.max(0, cell + (action === 1 ? 1 : -1));
        return { state, reward: -1, terminated: state === length - 1 };
      },
      observe: (cell) => cell,
    }),
});
export { checkEnv, connect, qLearning };
`;

/** Strict, and with skipLibCheck off: an error inside the packed .d.ts files counts. */
function tsc(file: string): Promise<RunResult> {
  const flags = ["--noEmit", "--strict", "--target", "es2024", "--module", "nodenext", "--skipLibCheck", "false"];
  const types = ["--types", "node", "--typeRoots", join(ROOT, "node_modules/@types")];
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  return run(process.execPath, [compiler, ...flags, ...types, file], { cwd: folder, env: userEnv() });
}

describe("on an old Node", () => {
  it.each(["12.22.12", "20.20.2"])("dojang prints one line and exits 2 on Node %s", async (version) => {
    const shim = join(folder, "old.cjs");
    const versions = `{ ...process.versions, node: "${version}" }`;
    writeFileSync(shim, `Object.defineProperty(process, "versions", { value: ${versions} });`);
    const bin = join(installed, manifest.bin["dojang"]!);
    expectOneLine(await run("node", ["--require", shim, bin, "envs"], { env: userEnv() }), version);
  });

  it("npx dojang does the same on the system's own Node, where that is an old one", async () => {
    const env = { ...userEnv(), PATH: SYSTEM_PATH };
    const version = await run("node", ["--version"], { env }).catch(() => undefined);
    const major = Number(/^v(\d+)/.exec(version?.stdout ?? "")?.[1] ?? Infinity);
    if (major >= 22) return; // nothing old here: the cases above say the same of a Node that claims to be old
    expectOneLine(await run("npx", ["dojang", "envs"], { cwd: folder, env }), `${major}.`);
  });
});

function expectOneLine({ code, stdout, stderr }: RunResult, version: string): void {
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(withoutNpm(stderr).trimEnd().split("\n")).toHaveLength(1);
  expect(stderr).toContain(`got ${version}`);
}

/** npm may warn about the settings of the machine it runs on; that is not Dojang's line. */
function withoutNpm(stderr: string): string {
  return stderr.replaceAll(/^npm warn .*\n/gm, "");
}
