/** The Python suite under bubblewrap: no attack passes, every honest answer does, and nothing is left afterwards. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCodeRunner, type CodeRunner } from "../../../../src/verify/code/index.ts";
import { bubblewrap } from "../../../../src/verify/code/native/index.ts";
import { heldBytes } from "../../../support/held-bytes.ts";
import { openHandles, waitUntilEmpty, type Handles } from "../../../support/leaks.ts";
import { whyNoBubblewrap } from "../native/bubblewrap-here.ts";
import { descendants, leftBehind, openFileCount } from "../native/left-behind.ts";
import { playAttacks, playHonest, type Suite } from "./play.ts";
import { ATTACKS, CANARY, HONEST } from "./python/index.ts";
import { HACKS, SUMS } from "./suite.ts";

const absent = await whyNoBubblewrap();

it("holds at least 60 attacks over every kind of hack, and 40 honest answers, no name twice", () => {
  const names = [...ATTACKS, ...HONEST].map(({ name }) => name);
  expect(ATTACKS.length).toBeGreaterThanOrEqual(60);
  expect(HONEST.length).toBeGreaterThanOrEqual(40);
  expect(new Set(names).size).toBe(names.length);
  expect([...new Set(ATTACKS.map(({ hack }) => hack))].sort()).toEqual([...HACKS].sort());
});

describe.skipIf(absent !== undefined)(`under bubblewrap${absent ?? ""}`, () => {
  let before: Handles;
  let held: number;
  let files: number;
  let runner: CodeRunner;
  const suite: Suite = { language: "python", driver: "bubblewrap", runner: () => runner };

  beforeAll(() => {
    before = openHandles();
    held = heldBytes();
    files = openFileCount();
    process.env["DOJANG_CANARY"] = CANARY;
    runner = createCodeRunner({ kinds: [bubblewrap] });
  });

  afterAll(async () => {
    delete process.env["DOJANG_CANARY"];
    await runner.close();
  });

  describe("attacks", () => playAttacks(ATTACKS, suite));
  describe("honest", () => playHonest(HONEST, suite));

  describe("after the suite", () => {
    it("passes the next honest submission", async () => {
      const source = "def solve(a): return sum(a)";
      const result = await runner.run({ language: "python", source, entryPoint: "solve", tests: SUMS });
      expect(result.verdict).toBe("pass");
    });

    it("leaves no process, control group, socket or file when the runner is closed, and gives its memory back", async () => {
      const pids = descendants();
      expect(pids.length).toBeGreaterThan(0);
      await runner.close();
      const leaks = { ...leftBehind(pids, files), handles: () => openHandles().minus(before) };
      expect(await waitUntilEmpty(leaks, 2_000)).toEqual([]);
      expect(heldBytes() - held).toBeLessThan(24 * 2 ** 20);
    });
  });
});
