/** The Python suite under Pyodide: no attack passes, every honest answer does, and nothing is left afterwards. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCodeRunner, type CodeRunner } from "../../../../src/verify/code/index.ts";
import { pyodide } from "../../../../src/verify/code/pyodide/index.ts";
import { heldBytes } from "../../../support/held-bytes.ts";
import { openHandles, waitUntilEmpty, type Handles } from "../../../support/leaks.ts";
import { descendants, leftBehind, openFileCount } from "../native/left-behind.ts";
import { playAttacks, playHonest, type Suite } from "./play.ts";
import { ATTACKS, CANARY, HONEST } from "./python/index.ts";
import { SUMS, type Attack, type Honest } from "./suite.ts";

const full = process.env["DOJANG_SOAK"] === "full";

/** Of each hack the first attack, and all that reach for JavaScript: what Pyodide does not share with the native boxes. */
const isFirst = (attack: Attack): boolean =>
  attack === ATTACKS.find(({ hack }) => hack === attack.hack) || attack.name.includes("JavaScript");
const isFifth = (_: Honest, i: number): boolean => i % 5 === 0;

describe("under Pyodide", () => {
  let before: Handles;
  let held: number;
  let files: number;
  let runner: CodeRunner;
  const suite: Suite = { language: "python", driver: "pyodide", runner: () => runner };

  beforeAll(async () => {
    before = openHandles();
    files = openFileCount();
    process.env["DOJANG_CANARY"] = CANARY;
    runner = createCodeRunner({ kinds: [pyodide] });
    // The interpreter's snapshot is read once and kept.
    await runner.run({ language: "python", source: "def solve(a): return sum(a)", entryPoint: "solve", tests: SUMS });
    held = heldBytes();
  });

  afterAll(async () => {
    delete process.env["DOJANG_CANARY"];
    await runner.close();
  });

  describe("attacks", () => playAttacks(ATTACKS.filter(isFirst), suite));
  describe("honest", () => playHonest(HONEST.filter(isFifth), suite));
  // Each takes a fresh Pyodide, half a second of both cores: `npm run test:soak` plays the rest.
  if (full)
    describe("the others", () => {
      playAttacks(
        ATTACKS.filter((attack) => !isFirst(attack)),
        suite,
      );
      playHonest(
        HONEST.filter((honest, i) => !isFifth(honest, i)),
        suite,
      );
    });

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
