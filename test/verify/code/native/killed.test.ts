/** Sandbox processes that are killed at random under load: a verdict is right or `infrastructure`, never wrong. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createCodeRunner, type CodeResult } from "../../../../src/verify/code/index.ts";
import { bubblewrap } from "../../../../src/verify/code/native/index.ts";
import { whyNoBubblewrap } from "./bubblewrap-here.ts";
import { descendants } from "./left-behind.ts";

const SUBMISSIONS = 60;
const TESTS = Array.from({ length: 10 }, (_, i) => ({ args: [i], expected: 2 * i }));
/** Every third is wrong; each works long enough to be hit. */
const sourceOf = (i: number): string =>
  `def solve(n):\n    for _ in range(20000): pass\n    return ${i % 3 === 0 ? "n" : "2 * n"}`;

const absent = await whyNoBubblewrap();

it.skipIf(absent !== undefined)(
  `never judges wrongly while its processes are killed at random, and counts retries${absent ?? ""}`,
  async () => {
    const runner = createCodeRunner({ kinds: [bubblewrap], concurrency: 4, retries: 2 });
    await runner.driverFor("python"); // its probe is done
    let kills = 0;
    let done = false;
    const results = Promise.all(
      Array.from({ length: SUBMISSIONS }, (_, i) =>
        runner.run({ language: "python", source: sourceOf(i), entryPoint: "solve", tests: TESTS }),
      ),
    ).finally(() => (done = true));
    for (let turn = 0; !done; turn++) {
      const boxes = descendants().filter(isBox);
      // A walk through the processes that never repeats its rhythm: seeded chance would meet the same ones each time.
      const victim = boxes[(turn * 7_919) % Math.max(boxes.length, 1)];
      if (victim !== undefined && turn % 4 === 0 && kill(victim)) kills++;
      await new Promise(setImmediate);
    }
    const verdicts = await results;
    await runner.close();
    expect(kills).toBeGreaterThan(5);
    verdicts.forEach(({ verdict, detail }: CodeResult, i) => {
      expect([i % 3 === 0 ? "fail" : "pass", "infrastructure"], `submission ${i}: ${detail}`).toContain(verdict);
    });
    expect(verdicts.filter(({ verdict }) => verdict !== "infrastructure").length).toBeGreaterThan(SUBMISSIONS / 4);
  },
);

function isBox(pid: number): boolean {
  try {
    return /^(python|bwrap|setpriv)/.test(readFileSync(`/proc/${pid}/comm`, "utf8"));
  } catch {
    return false; // gone since
  }
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, "SIGKILL");
  } catch {
    return false; // gone since
  }
}
