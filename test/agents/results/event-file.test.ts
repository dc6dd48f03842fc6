/** Event files are what TensorBoard reads: an independent reader finds every number of metrics.jsonl in them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { train } from "dojang/agents";
import { describe, expect, it } from "vitest";
import { crc32c, maskedCrc32c } from "../../../agents/results/crc32c.ts";
import { fileHeader, scalars } from "../../../agents/results/event-file.ts";
import { tempDir } from "../../support/temp.ts";
import { worlds } from "../worlds.ts";
import { crcOf, readEvents } from "./read-events.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("crc32c", () => {
  it("gives the check value 0xe3069283 for 123456789 and those of RFC 3720 for 32 zeros and 32 ones", () => {
    expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  });

  it("equals one that goes bit by bit on 300 lengths", () => {
    for (let length = 0; length < 300; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 73 + length) % 256);
      expect(crc32c(bytes)).toBe(crcOf(bytes));
    }
  });

  it("turns right by 15 bits and adds 0xa282ead8 to mask", () => {
    expect(maskedCrc32c(new Uint8Array(32))).toBe((((0x8a9136aa >>> 15) | (0x8a9136aa << 17)) + 0xa282ead8) >>> 0);
  });
});

describe("an event record", () => {
  it("is pinned byte by byte: frame, wall time 1.5, file version", () => {
    const data = `09000000000000f83f1a0d${hex(new TextEncoder().encode("brain.Event:2"))}`;
    expect(hex(fileHeader(1.5)).slice(24, -8)).toBe(data);
    expect(hex(fileHeader(1.5)).slice(0, 16)).toBe("1800000000000000");
  });

  it("holds step, tags and float32 values, and leaves out NaN and infinity", () => {
    const data = hex(scalars(300, 0, { ab: 0.5, bad: NaN, worse: Infinity })).slice(24, -8);
    // wall_time 0; step 300; summary { value { tag "ab" simple_value 0.5 } }
    expect(data).toBe("09" + "0000000000000000" + "10ac02" + "2a0b" + "0a09" + "0a026162" + "150000003f");
  });
});

describe("the event file of a run", () => {
  it("has one event for each line of metrics.jsonl with the same steps and numbers, after its version", async () => {
    const out = join(tempDir(), "run");
    await train({ client: worlds(), agentId: "q-learning", envId: "FrozenLake-v1", steps: 4_000, seed: 1, out });
    const lines = readFileSync(join(out, "metrics.jsonl"), "utf8").trim().split("\n");
    const [header, ...events] = readEvents(join(out, "events.out.tfevents.dojang"));
    expect(header?.version).toBe("brain.Event:2");
    expect(events).toHaveLength(lines.length);
    expect(lines.length).toBeGreaterThan(100);
    for (const [i, line] of lines.entries()) {
      const { step, ...numbers } = JSON.parse(line) as Record<string, number>;
      const rounded = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Math.fround(value)]));
      expect({ step: events[i]?.step, values: events[i]?.values }).toEqual({ step, values: rounded });
    }
    expect(Math.abs(events[0]!.wallTime - Date.now() / 1_000)).toBeLessThan(3_600);
  });
});
