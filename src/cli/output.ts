/** Where a command writes: JSON lines for programs and a result, texts for people. With --json nothing but JSON lines reaches stdout. */
import type { Writable } from "node:stream";

/** The part of a stream that is written to; tests put a collector in its place. */
export interface TextStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Output {
  readonly json: boolean;
  readonly stderr: TextStream;
  /** A JSON line that is not the last one; nothing without --json. */
  record(value: object): void;
  /** The result: with --json the last line, else `text`. */
  result(value: object | readonly object[], text: string): void;
  /** A text that belongs to the result and for which there is no JSON (a picture, a report). */
  say(text: string): void;
  /** A remark on the way. */
  note(text: string): void;
}

export function makeOutput(json: boolean, stdout: TextStream, stderr: TextStream): Output {
  const line = (stream: TextStream, text: string): void => void stream.write(text.endsWith("\n") ? text : `${text}\n`);
  return {
    json,
    stderr,
    record: (value) => {
      if (json) line(stdout, toJson(value));
    },
    result: (value, text) => line(stdout, json ? toJson(value) : text),
    say: (text) => line(json ? stderr : stdout, text),
    note: (text) => line(stderr, text),
  };
}

/** JSON in one line. Numbers that JSON lacks (NaN, infinity) become null. */
const toJson = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => (ArrayBuffer.isView(item) ? Array.from(item as Uint8Array) : item));

/** Ends quietly when the reader of a pipe has gone (`dojang envs | head -1`). */
export function endWithReader(stream: Writable): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
}

/** Rows of cells as aligned columns, two blanks between them. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
