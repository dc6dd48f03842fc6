/** Progress is a bar with rate and time left on a terminal, and plain lines elsewhere. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { duration, Progress, progressText } from "../../src/cli/progress.ts";

const steps = { label: "train", unit: "steps", total: 10_000 };

describe("a line of progress", () => {
  it("has share, counts, rate and the time that is left at this rate", () => {
    expect(progressText(steps, 2_500, 5, "return 0.5")).toBe(
      "train: 25%, 2,500 of 10,000 steps, 500/s, 15 s left, return 0.5",
    );
  });

  it("counts what a resumed run had done for its share, not for its rate", () => {
    expect(progressText({ ...steps, start: 9_000 }, 9_500, 5, "")).toBe(
      "train: 95%, 9,500 of 10,000 steps, 100/s, 5.0 s left",
    );
  });

  it("has no time left before the first step and after the last", () => {
    expect(progressText(steps, 0, 0, "")).toBe("train: 0%, 0 of 10,000 steps, 0/s");
    expect(progressText(steps, 10_000, 10, "")).toBe("train: 100%, 10,000 of 10,000 steps, 1,000/s");
  });

  it.each([
    [0.04, "0.0 s"],
    [9.94, "9.9 s"],
    [9.96, "10 s"],
    [59.6, "1 min 0 s"],
    [3_599, "59 min 59 s"],
    [7_860, "2 h 11 min"],
  ])("says %d seconds as %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

describe("progress", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
  afterEach(() => void vi.useRealTimers());

  const written: string[] = [];
  const draw = (isTTY: boolean): string[] => {
    written.length = 0;
    const bar = new Progress({ isTTY, columns: 80, write: (text) => written.push(text) }, steps);
    for (let done = 100; done <= 10_000; done += 100) {
      vi.advanceTimersByTime(50);
      bar.update(done);
    }
    bar.end();
    return written;
  };

  it("draws one line again and again on a terminal, at most ten times a second, never wider than it", () => {
    const drawn = draw(true);
    expect(drawn.at(-1)).toBe("\n");
    expect(drawn.length).toBeGreaterThan(20);
    expect(drawn.length).toBeLessThanOrEqual(53);
    for (const text of drawn.slice(0, -1)) expect(text).toMatch(/^\r\[[#.]{24}\] train: .{0,60}\u001b\[K$/);
    expect(drawn.at(-2)).toContain("[########################] train: 100%");
  });

  it("writes whole plain lines elsewhere, one in two seconds and the last", () => {
    const drawn = draw(false);
    expect(drawn).toHaveLength(3);
    for (const text of drawn) expect(text).toMatch(/^train: \d+%, .*\n$/);
  });
});
