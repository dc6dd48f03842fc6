/** Flags win over DOJANG_* variables, these over dojang.config.ts, this over defaults; all say the same things by the same names. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { defineConfig, loadConfig, resolveOptions, type RawFlags } from "../../src/cli/config.ts";
import { OPTIONS, type OptionName } from "../../src/cli/options.ts";
import { flagName, variableName } from "../../src/cli/settings.ts";
import { tempDir } from "../support/temp.ts";
import { callIn, wrong } from "./call.ts";

const file = "dojang.config.ts";
const given = (
  name: OptionName,
  flags: RawFlags,
  variables: Record<string, string>,
  config: Record<string, unknown>,
): unknown => resolveOptions([name], { flags, variables, config, file })[name];

describe("an option", () => {
  it("takes the flag, else the variable, else the config file, else the default", () => {
    const flags = { port: "1" };
    const variables = { DOJANG_PORT: "2" };
    const config = { port: 3 };
    expect(given("port", flags, variables, config)).toBe(1);
    expect(given("port", {}, variables, config)).toBe(2);
    expect(given("port", {}, {}, config)).toBe(3);
    expect(given("port", {}, {}, {})).toBe(7766);
    expect(given("seed", {}, {}, {})).toBeUndefined();
  });

  it("replaces a list as a whole", () => {
    const config = { plugin: ["c"] };
    expect(given("plugin", { plugin: ["a", "b"] }, { DOJANG_PLUGIN: "v" }, config)).toEqual(["a", "b"]);
    expect(given("plugin", {}, { DOJANG_PLUGIN: "v, w" }, config)).toEqual(["v", "w"]);
    expect(given("plugin", {}, { DOJANG_PLUGIN: '["with, comma"]' }, config)).toEqual(["with, comma"]);
    expect(given("plugin", {}, {}, config)).toEqual(["c"]);
  });

  it("can be switched off by a variable where the config file switches it on", () => {
    expect(given("json", {}, { DOJANG_JSON: "0" }, { json: true })).toBe(false);
    expect(given("json", {}, {}, { json: true })).toBe(true);
  });

  it("has one name in three spellings", () => {
    expect(flagName("tokenFile")).toBe("--token-file");
    expect(variableName("tokenFile")).toBe("DOJANG_TOKEN_FILE");
    expect(new Set(Object.keys(OPTIONS).map((name) => variableName(name))).size).toBe(Object.keys(OPTIONS).length);
  });

  it.each<[OptionName, RawFlags, Record<string, string>, Record<string, unknown>, string]>([
    ["port", { port: "x" }, {}, {}, '--port: expected an integer in 0..65535, got "x"'],
    ["port", {}, { DOJANG_PORT: "" }, {}, 'DOJANG_PORT: expected an integer in 0..65535, got ""'],
    ["port", {}, {}, { port: 1.5 }, 'dojang.config.ts: port: expected an integer in 0..65535, got "1.5"'],
    ["port", {}, {}, { port: [1] }, "dojang.config.ts: port: expected a text, number or boolean, got [1]"],
    ["plugin", {}, {}, { plugin: "x" }, 'dojang.config.ts: plugin: expected a list of texts, got "x"'],
    ["json", {}, { DOJANG_JSON: "maybe" }, {}, 'DOJANG_JSON: expected true or false, got "maybe"'],
    [
      "autoreset",
      { autoreset: "same" },
      {},
      {},
      '--autoreset: expected one of next-step, same-step, disabled, got "same". Did you mean same-step?',
    ],
    ["speed", { speed: "-1" }, {}, {}, '--speed: expected a number in 0..1000000, got "-1"'],
    ["seed", { seed: "9007199254740992" }, {}, {}, '--seed: expected an integer in 0..2^53-1, got "9007199254740992"'],
  ])("that is wrong names where it came from: %s", (name, flags, variables, config, message) => {
    expect(() => given(name, flags, variables, config)).toThrow(expect.objectContaining({ message }) as Error);
  });

  it("reads 100_000 and 1e5 as the same number", () => {
    for (const steps of ["100_000", "100,000", "1e5", "100000"])
      expect(given("steps", { steps }, {}, {})).toBe(100_000);
  });
});

describe("the config file", () => {
  it("is read from the folder of the call, and its options reach the command", async () => {
    const folder = tempDir();
    writeFileSync(
      join(folder, "corridor.ts"),
      'export default { id: "hall-v0", build: () => { throw new Error("later"); } };',
    );
    writeFileSync(
      join(folder, file),
      `export default { plugin: [${JSON.stringify(join(folder, "corridor.ts"))}], json: true };`,
    );
    const { code, stdout } = await callIn({ folder }, "envs");
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { envs: { id: string }[] }).envs.map(({ id }) => id)).toContain("hall-v0");
  });

  it.each([
    [
      "export default { prot: 1 };",
      'dojang.config.ts: prot: expected the name of an option in camelCase, got "prot". Did you mean port?',
    ],
    [
      "export default 3;",
      "dojang.config.ts: default export: expected an object of options, got 3. Write `export default { port: 7766 }`.",
    ],
    [
      "export const port = 3;",
      "dojang.config.ts: default export: expected an object of options, got undefined. Write `export default { port: 7766 }`.",
    ],
    ['throw new Error("no");', 'dojang.config.ts: expected a module that loads, got "no"'],
  ])("that is wrong ends the call in one line: %s", async (text, message) => {
    const folder = tempDir();
    writeFileSync(join(folder, file), text);
    expect(await callIn({ folder }, "envs")).toEqual(wrong(message));
  });

  it("is not needed", async () => {
    expect(await loadConfig(tempDir())).toEqual({ config: {}, file });
  });

  it("is typed by defineConfig, which returns its argument", () => {
    const config = { port: 1, plugin: ["./a.ts"] };
    expect(defineConfig(config)).toBe(config);
    // @ts-expect-error a port is a number
    defineConfig({ port: "1" });
  });
});
