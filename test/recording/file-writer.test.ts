/** Who writes to a recording: a file that is being written is not replaced by what recover makes of it. */
import { closeSync, openSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { writerOf } from "../../src/recording/file-writer.ts";
import { recoverRecording } from "../../src/recording/recover.ts";
import { tempDir } from "../support/temp.ts";

describe("the writer of a file", () => {
  it("is the process that has it open for writing, by any name, and nobody who only reads it", () => {
    const file = join(tempDir(), "x.mcap");
    const other = `${file}.link`;
    writeFileSync(file, "");
    symlinkSync(file, other);
    const found: (number | undefined)[] = [writerOf(file)];
    for (const flags of ["r", "a", "r+", "w"]) {
      const fd = openSync(file, flags);
      found.push(writerOf(other));
      closeSync(fd);
    }
    expect([...found, writerOf(file)]).toEqual([undefined, undefined, process.pid, process.pid, process.pid, undefined]); // prettier-ignore
  });
});

describe("recover", () => {
  it("refuses to replace a file that is being written, and leaves it as it is", async () => {
    const file = join(tempDir(), "x.mcap");
    writeFileSync(file, "begun");
    const fd = openSync(file, "a");
    await expect(recoverRecording(file)).rejects.toThrow(
      `${file}: expected a recording that no process writes to, got "process ${process.pid}"`,
    );
    closeSync(fd);
    expect(readFileSync(file, "utf8")).toBe("begun");
  });
});
