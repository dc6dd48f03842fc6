/** What a killed server left is ended, and nothing else: not a box whose server lives. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { endOrphans } from "../../../../src/verify/code/native/orphans.ts";
import { waitUntilEmpty } from "../../../support/leaks.ts";
import { tempDir } from "../../../support/temp.ts";
import { isAlive } from "./left-behind.ts";

/** A shell under another name stands for bwrap: it sleeps with a command line like a box's. */
const COMMAND = "/usr/bin/dojang-test-bwrap";

it.skipIf(process.platform !== "linux")("ends a box's bwrap that process 1 took over, and no other", async () => {
  const script = join(tempDir(), "box.sh");
  writeFileSync(script, "echo $$\nwhile :; do sleep 60; done\n");
  const box = `exec -a ${COMMAND} bash ${script} --hostname dojang-box`;
  const stranger = `exec -a ${COMMAND} bash ${script} --hostname other`;
  const own = spawn("bash", ["-c", box], { stdio: ["ignore", "pipe", "ignore"], detached: true });
  // Their parent ends at once, so that process 1 takes them over.
  const gone = spawn("bash", ["-c", `(${box}) & (${stranger}) & exit`], { stdio: ["ignore", "pipe", "ignore"], detached: true }); // prettier-ignore
  const left = once(gone, "exit");
  const [ownPid] = await lines(own.stdout, 1);
  const orphans = await lines(gone.stdout, 2);
  await left;
  const groups = [own.pid!, gone.pid!];
  try {
    const ended = endOrphans(COMMAND);
    expect(ended).toHaveLength(1);
    expect(orphans).toContain(ended[0]);
    expect(await waitUntilEmpty({ ended: () => ended.filter(isAlive).map(String) }, 2_000)).toEqual([]);
    expect(isAlive(ownPid!)).toBe(true);
    expect(orphans.filter(isAlive)).toHaveLength(1);
  } finally {
    for (const pid of groups) process.kill(-pid, "SIGKILL");
    await once(own, "close");
  }
});

/** The first `n` lines of a stream, as numbers. */
async function lines(stream: NodeJS.ReadableStream, n: number): Promise<number[]> {
  let text = "";
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.split("\n").length > n) break;
  }
  return text.trim().split("\n").map(Number);
}
