/** Processes that record on the recording thread: they end by themselves, say when their disk is full, and lose little when they are killed. */
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openRecording, recoverRecording, verifyRecording } from "../../src/recording/index.ts";
import { execArgv } from "../../src/registry/exec-argv.ts";
import { run, startChild } from "../support/child.ts";
import { tempDir } from "../support/temp.ts";
import { walk } from "./envs.ts";
import { built } from "./play.ts";

const CHILD = join(import.meta.dirname, "thread-child.ts");
const child = (...args: string[]) => [...execArgv(), CHILD, ...args];

describe("a process that records on the thread", () => {
  it("ends by itself although a recorder was never closed, and after one was", async () => {
    for (const how of ["leave", "close"]) {
      const path = join(tempDir(), "a.mcap");
      expect(await run(process.execPath, child(how, path))).toMatchObject({ code: 0, stderr: "" });
      const recording = await openRecording(path);
      for await (const episode of recording) expect(episode.steps).toBeGreaterThan(0);
      expect(recording.report.complete).toBe(how === "close");
    }
  });

  it("says in one line that its disk is full", async () => {
    const path = join(tempDir(), "a.mcap");
    const limited = 'ulimit -f 40; exec "$@"';
    const { code, stdout } = await run("bash", ["-c", limited, "bash", process.execPath, ...child("fill", path)]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^BAD_RECORDING .*a\.mcap: cannot write: EFBIG.*\n$/)]);
  });

  it("loses nothing that was on the disk when it is killed, and recovers", async () => {
    const path = join(tempDir(), "a.mcap");
    const recording = startChild(process.execPath, child("kill", path));
    let seen = "";
    for await (const text of recording.stdout as NonNullable<typeof recording.stdout>) {
      seen += String(text);
      if (seen.split("\n").length > 20) break;
    }
    recording.kill("SIGKILL");
    await once(recording, "exit");
    const onDisk = Number(seen.trim().split("\n").at(-1));
    const before = await openRecording(path);
    for await (const episode of before) expect(episode.steps).toBeGreaterThan(0);
    expect(before.report.parts[0]?.readable).toBeGreaterThanOrEqual(onDisk);
    const report = await recoverRecording(path);
    expect(report.steps).toBeGreaterThan(1_000);
    expect(await verifyRecording(await openRecording(path), () => built(walk()))).toMatchObject({ ok: true });
  });
});
