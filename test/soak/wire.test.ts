/** The wire under thousands of sessions, cuts, hostile frames, paused readers and churn: what must hold at any speed. Rates are in `dojang bench wire`. */
import { describe, expect, it } from "vitest";

import { checkChurn } from "../../bench/wire/churn.ts";
import { checkCuts } from "../../bench/wire/cuts.ts";
import { checkFuzz } from "../../bench/wire/fuzz.ts";
import { checkPausedReader } from "../../bench/wire/paused-reader.ts";
import { benchMemory, benchSessions } from "../../bench/wire/sessions.ts";
import { FULL, QUICK } from "../../bench/wire/tiers.ts";
import { checkVersions } from "../../bench/wire/versions.ts";

const full = process.env["DOJANG_SOAK"] === "full";
const tier = full ? FULL : QUICK;
const TIMEOUT_MS = full ? 1_200_000 : 180_000;

describe("the wire", { timeout: TIMEOUT_MS }, () => {
  it(`answers at least 99.9 % of the steps of ${tier.sessions.sessions} sessions that each wait a second`, async () => {
    const { ok, sessions, errors } = await benchSessions(tier.sessions);
    expect({ sessions, errors }).toEqual({ sessions: tier.sessions.sessions, errors: [] });
    expect(ok).toBeGreaterThanOrEqual(0.999);
  });

  it(`holds no more than 1.6 times the objects of a bare socket for each of ${tier.memory.sessions} idle sessions`, async () => {
    const { sessionHeap, bareHeap } = await benchMemory(tier.memory);
    expect(bareHeap).toBeGreaterThan(1_000);
    expect(sessionHeap / bareHeap).toBeLessThan(1.6);
  });

  it(`loses no step and runs none twice over ${tier.cuts.cuts} cuts in both directions, inside frames and between them`, async () => {
    const { cuts, inside, upwards, steps, digestEqual, seenEqual } = await checkCuts(tier.cuts);
    expect({ digestEqual, seenEqual }).toEqual({ digestEqual: true, seenEqual: true });
    expect(steps).toBeGreaterThan(tier.cuts.cuts);
    expect(cuts).toBe(tier.cuts.cuts);
    expect(inside).toBeGreaterThan(0.3 * cuts);
    expect(inside).toBeLessThan(cuts);
    expect(upwards).toBeGreaterThan(0.3 * cuts);
    expect(upwards).toBeLessThan(0.7 * cuts);
  });

  it(`answers each of ${tier.fuzz.frames} hostile frames with a code or a close, unseen by a neighbour`, async () => {
    const { silent, examples, outcomes, neighbourEqual, heapRatio } = await checkFuzz(tier.fuzz);
    expect({ silent, examples }).toEqual({ silent: 0, examples: [] });
    expect(outcomes["INTERNAL"]).toBeUndefined();
    expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(tier.fuzz.frames);
    // Most of what is sent must be hostile indeed.
    expect(outcomes["answered"] ?? 0).toBeLessThan(0.1 * tier.fuzz.frames);
    expect(neighbourEqual).toBe(true);
    expect(heapRatio).toBeLessThan(1.1);
  });

  it("holds no more than maxBuffered for a client that asks and does not read, and answers all of it later", async () => {
    const { held, bound, asked, bounded, answeredAll } = await checkPausedReader();
    expect({ bounded, held, bound }).toMatchObject({ bounded: true });
    expect(asked).toBeGreaterThan(4 * bound);
    expect(answeredAll).toBe(true);
  });

  it(`is as it was after ${tier.churn.sessions} sessions, half of them dropped in the middle of a step`, async () => {
    const { dropped, handlesBefore, handlesAfter, heapRatio } = await checkChurn(tier.churn);
    expect(dropped).toBeGreaterThan(0.4 * tier.churn.sessions);
    expect(handlesAfter).toEqual(handlesBefore);
    expect(heapRatio).toBeLessThan(1.05);
  });

  it("tells a client of other versions both sides' versions", async () => {
    expect(await checkVersions()).toMatchObject({ told: true });
  });
});
