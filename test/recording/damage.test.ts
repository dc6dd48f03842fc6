/** Killed writers, cut files, flipped bits and foreign files: what can be read is read, and where it stops is said. */
import { once } from "node:events";
import { copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { McapIndexedReader, McapStreamReader } from "@mcap/core";
import { zstdDecompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { GymError } from "../../protocol/errors.ts";
import {
  contentDigest,
  digestText,
  episodeDigest,
  openRecording,
  recordings,
  recoverRecording,
  verifyRecording,
  type ReadReport,
  type RecordedEpisode,
} from "../../src/recording/index.ts";
import { PartReader } from "../../src/recording/part-reader.ts";
import { execArgv } from "../../src/registry/exec-argv.ts";
import { startChild } from "../support/child.ts";
import { tempDir } from "../support/temp.ts";
import { walk } from "./envs.ts";
import { built, play, type PlayOptions } from "./play.ts";

const env = built(walk());

async function record(options: Partial<PlayOptions> = {}): Promise<string> {
  const path = join(tempDir(), "a.mcap");
  await play({ path, env, chunkBytes: 700, ...options });
  return path;
}

async function read(path: string): Promise<{ episodes: RecordedEpisode[]; report: ReadReport }> {
  const recording = await openRecording(path);
  const episodes: RecordedEpisode[] = [];
  for await (const episode of recording) episodes.push(episode);
  return { episodes, report: recording.report };
}

/** Episodes that were played to their end, as "instance/episode/digest". */
const finished = (episodes: readonly RecordedEpisode[]): string[] =>
  episodes.filter(({ complete }) => complete).map((e) => `${e.instance}/${e.episode}/${digestText(episodeDigest(e))}`);

describe("a writer killed with SIGKILL", () => {
  it.each([3, 11, 40])(
    "loses nothing that was on the disk after %i writes, and recovers to an indexed file that verifies",
    async (writes) => {
      const path = join(tempDir(), "a.mcap");
      const child = startChild(process.execPath, [...execArgv(), join(import.meta.dirname, "writer-child.ts"), path]);
      let seen = "";
      for await (const text of child.stdout as NonNullable<typeof child.stdout>) {
        seen += String(text);
        if (seen.split("\n").length > writes) break;
      }
      child.kill("SIGKILL");
      await once(child, "exit");
      const onDisk = Number(seen.trim().split("\n").at(-1));
      const before = await read(path);
      const [part] = before.report.parts;
      expect(part?.complete).toBe(false);
      expect(part?.readable).toBeGreaterThanOrEqual(onDisk);
      expect(part?.damage?.reason).toMatch(/killed|ends before it does|ends within/);
      const report = await recoverRecording(path);
      const after = await read(path);
      expect(after.report.complete).toBe(true);
      expect([report.episodes, report.steps]).toEqual([after.report.episodes, after.report.steps]);
      expect(finished(after.episodes)).toEqual(finished(before.episodes));
      expect(await verifyRecording(await openRecording(path), () => env)).toMatchObject({ ok: true, diverged: 0 });
      expect(await messagesByIndex(path)).toBeGreaterThan(0);
      expect(existsSync(`${path}.recovering`)).toBe(false);
    },
  );
});

/** Counts the messages through another program's reader of the index. */
async function messagesByIndex(path: string): Promise<number> {
  const bytes = readFileSync(path);
  const readable = {
    size: () => Promise.resolve(BigInt(bytes.length)),
    read: (at: bigint, n: bigint) => Promise.resolve(new Uint8Array(bytes.subarray(Number(at), Number(at + n)))),
  };
  const decompressHandlers = { zstd: (part: Uint8Array) => new Uint8Array(zstdDecompressSync(part)) };
  const reader = await McapIndexedReader.Initialize({ readable, decompressHandlers });
  let messages = 0;
  for await (const message of reader.readMessages()) messages += message.data.length > 0 ? 1 : 0;
  expect(Number(reader.statistics?.messageCount)).toBe(messages);
  return messages;
}

describe("a whole file", () => {
  it("is read by MCAP's own readers, with all checksums, index and statistics", async () => {
    const path = await record();
    const reader = new McapStreamReader({ validateCrcs: true, decompressHandlers: { zstd: (part) => new Uint8Array(zstdDecompressSync(part)) } }); // prettier-ignore
    reader.append(readFileSync(path));
    let messages = 0;
    for (let item = reader.nextRecord(); item; item = reader.nextRecord()) if (item.type === "Message") messages++;
    expect(reader.done()).toBe(true);
    expect(messages).toBe(await messagesByIndex(path));
  });
});

describe("a file cut short", () => {
  it("gives a prefix of its episodes at every byte, or says that it is no recording, and never throws anything else", async () => {
    const path = await record({ num: 1, steps: 24, chunkBytes: 250 });
    const bytes = readFileSync(path);
    const whole = finished((await read(path)).episodes);
    const cut = join(tempDir(), "cut.mcap");
    const counts = new Set<number>();
    writeFileSync(cut, bytes);
    for (let length = bytes.length - 1; length >= 0; length--) {
      truncateSync(cut, length);
      try {
        const { episodes, report } = await read(cut);
        expect(whole.slice(0, finished(episodes).length)).toEqual(finished(episodes));
        const [part] = report.parts;
        expect(part?.readable).toBeLessThanOrEqual(length);
        if (!report.complete) expect(part?.damage?.offset).toBe(part?.readable);
        counts.add(finished(episodes).length);
      } catch (error) {
        expect(error).toBeInstanceOf(GymError);
        expect((error as GymError).code).toBe("BAD_RECORDING");
        counts.add(-1);
      }
    }
    expect(counts).toContain(-1);
    expect(counts).toContain(whole.length);
    expect(counts.size).toBeGreaterThan(3);
  });
});

describe("a flipped bit", () => {
  it("is noticed wherever it is in the data, and what is read before it is right", async () => {
    const path = await record({ num: 2, steps: 60, chunkBytes: 500 });
    const bytes = readFileSync(path);
    const { episodes, report } = await read(path);
    const whole = finished(episodes);
    const dataEnd = report.parts[0]?.readable as number;
    const flipped = join(tempDir(), "flipped.mcap");
    for (let at = 0; at < dataEnd; at += 13) {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] as number) ^ (1 << (at % 8));
      writeFileSync(flipped, copy);
      try {
        const back = await read(flipped);
        expect(back.report.complete, `bit ${at % 8} of byte ${at}`).toBe(false);
        const known = new Set(whole);
        expect(finished(back.episodes).every((episode) => known.has(episode))).toBe(true);
      } catch (error) {
        expect((error as GymError).code).toBe("BAD_RECORDING");
      }
    }
  });

  it("costs one chunk after recovery: the rest is read, and the lost steps are counted", async () => {
    const path = await record({ num: 2, steps: 200 });
    const bytes = readFileSync(path);
    const { episodes, report: before } = await read(path);
    bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] as number) ^ 0x10;
    writeFileSync(path, bytes);
    const output = `${path}.whole.mcap`;
    const report = await recoverRecording(path, { output });
    expect(report.damage).toHaveLength(1);
    expect(report.bytesLost).toBeGreaterThan(0);
    expect(report.bytesLost).toBeLessThan(bytes.length / 4);
    const after = await read(output);
    expect(after.report.missingSteps).toBeGreaterThan(0);
    expect(after.report.steps + after.report.orphanSteps + after.report.missingSteps).toBe(before.steps);
    const known = new Set(finished(episodes));
    expect(finished(after.episodes).length).toBeGreaterThan(known.size / 2);
    expect(finished(after.episodes).every((episode) => known.has(episode))).toBe(true);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });
});

describe("a chunk that comes twice", () => {
  it("ends what is read, and is left out by recovery", async () => {
    const path = await record({ steps: 100 });
    const part = await PartReader.open(path);
    const offsets = new Set<number>();
    for await (const { offset } of part.segments()) offsets.add(offset);
    const [first, second] = [...offsets] as [number, number];
    const bytes = readFileSync(path);
    const data = bytes.subarray(0, part.report.readable);
    writeFileSync(path, Buffer.concat([data, bytes.subarray(first, second)]));
    const { report } = await read(path);
    expect(report.parts[0]?.damage).toMatchObject({
      offset: data.length,
      reason: expect.stringContaining("twice") as string,
    });
    expect(await recoverRecording(path)).toMatchObject({
      steps: 300,
      missingSteps: 0,
      damage: [{ offset: data.length }],
    });
    expect((await read(path)).report).toMatchObject({ complete: true, steps: 300 });
  });
});

describe("a foreign file", () => {
  it.each([
    ["empty", Buffer.alloc(0)],
    ["text", Buffer.from("hello, this is no recording at all")],
    ["only the magic", Buffer.from([0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a])],
    [
      "a length of 2^60",
      Buffer.from([0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a, 1, 0, 0, 0, 0, 0, 0, 0, 0x10, 1]),
    ],
  ])("(%s) is refused in one line that names it", async (_, content) => {
    const path = join(tempDir(), "foreign.mcap");
    writeFileSync(path, content);
    for (const attempt of [openRecording, recoverRecording]) {
      const error = await attempt(path).then(() => undefined, (thrown: unknown) => thrown as GymError); // prettier-ignore
      expect(error?.code).toBe("BAD_RECORDING");
      expect(error?.message).toContain("foreign.mcap");
      expect(error?.message).not.toContain("\n");
    }
    expect(statSync(path).size).toBe(content.length);
  });

  it("that is missing, or a pattern that finds nothing, is refused too", async () => {
    await expect(openRecording(join(tempDir(), "none.mcap"))).rejects.toMatchObject({ code: "BAD_RECORDING" });
    await expect(recordings(join(tempDir(), "*.mcap")).next()).rejects.toMatchObject({ code: "BAD_RECORDING" });
  });
});

describe("rotated files", () => {
  it("are joined by the first one's name, by a list and by a glob, and a missing one is counted", async () => {
    const path = join(tempDir(), "a.mcap");
    const { paths } = await play({ path, env, steps: 100, chunkBytes: 300, partBytes: 3_000 });
    expect(paths.length).toBeGreaterThan(3);
    const digest = await contentDigest(await openRecording(path));
    expect(await contentDigest(await openRecording([...paths].reverse()))).toBe(digest);
    let reports: ReadReport[] = [];
    const onReport = (_: unknown, report: ReadReport): void => void reports.push(report);
    expect(await contentDigest(recordings(path.replace("a.mcap", "*.mcap"), { onReport }))).toBe(digest);
    expect(reports.map(({ complete, parts }) => [complete, parts.length])).toEqual([[true, paths.length]]);
    reports = [];
    const some = paths.filter((_, i) => i !== 1);
    const holed = await openRecording(some);
    for await (const episode of holed) expect(episode.steps).toBeGreaterThan(0);
    expect(holed.report.complete).toBe(false);
    expect(holed.report.missingSteps).toBeGreaterThan(0);
  });

  it("of two recordings are not mixed up", async () => {
    const [a, b] = [await record(), await record()];
    await expect(openRecording([a, b])).rejects.toThrow(/one recording/);
    const folder = tempDir();
    copyFileSync(a, join(folder, "a.mcap"));
    copyFileSync(b, join(folder, "b.mcap"));
    const seen = new Set<string>();
    for await (const episode of recordings(join(folder, "*.mcap"))) seen.add(episode.info.recording);
    expect(seen.size).toBe(2);
  });
});
