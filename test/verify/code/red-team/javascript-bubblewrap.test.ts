/** The JavaScript suite under bubblewrap: no attack passes, every honest answer does, and nothing is left afterwards. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCodeRunner, type CodeRunner } from "../../../../src/verify/code/index.ts";
import { bubblewrap } from "../../../../src/verify/code/native/index.ts";
import { heldBytes } from "../../../support/held-bytes.ts";
import { openHandles, waitUntilEmpty, type Handles } from "../../../support/leaks.ts";
import { whyNoBubblewrap } from "../native/bubblewrap-here.ts";
import { descendants, leftBehind, openFileCount } from "../native/left-behind.ts";
import { ATTACKS, CANARY, HONEST } from "./javascript/index.ts";
import { playAttacks, playHonest, type Suite } from "./play.ts";
import { SUMS } from "./suite.ts";

const absent = await whyNoBubblewrap();

describe.skipIf(absent !== undefined)(`under bubblewrap${absent ?? ""}`, () => {
  let before: Handles;
  let held: number;
  let files: number;
  let runner: CodeRunner;
  const suite: Suite = { language: "javascript", driver: "bubblewrap", runner: () => runner };

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
      const source = "const solve = (a) => a.reduce((x, y) => x + y, 0);";
      const result = await runner.run({ language: "javascript", source, entryPoint: "solve", tests: SUMS });
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
