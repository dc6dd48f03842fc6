/** Every source file says what it is for in its first line, stays readable in one sitting, and carries no path of one machine. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

import { ROOT, sourceFiles } from "./sources.ts";

const MAX_LINES = 300;

const files = [
  "bin.ts",
  "vitest.config.ts",
  ...sourceFiles("protocol", "src", "envs", "agents", "test", "bench", "scripts"),
];
const texts = files.map((file) => [file, readFileSync(join(ROOT, file), "utf8")] as const);
const filesWhere = (test: (text: string) => boolean): string[] =>
  texts.filter(([, text]) => test(text)).map(([file]) => file);

it(`holds no file over ${MAX_LINES} lines`, () => {
  expect(files.length).toBeGreaterThan(40);
  expect(filesWhere((text) => text.split("\n").length - 1 > MAX_LINES)).toEqual([]);
});

it("opens every file with one comment line that says what it is for", () => {
  expect(filesWhere((text) => !/^(?:#!.*\n)?(?:\/\*\*? .{10,}|\/\/ .{10,})/.test(text))).toEqual([]);
});

it("names no folder of the machine it was written on", () => {
  expect(filesWhere((text) => /\/(?:home|Users|root|work)\/[a-z]/.test(text))).toEqual([]);
});

it("skips no test for good", () => {
  expect(filesWhere((text) => /^\s*(?:it|test|describe)\.(?:skip|only|todo)\(/m.test(text))).toEqual([]);
});
