/** Where a command writes: JSON lines for programs and a result, texts for people. With --json nothing but JSON lines reaches stdout. */
import type { Writable } from "node:stream";

/** The part of a stream that is written to; tests put a collector in its place. */
export interface TextStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** False asks to wait for `drain`. */
  write(text: string): unknown;
  once?(event: "drain" | "close", listener: () => void): unknown;
}

export interface Output {
  readonly json: boolean;
  readonly stderr: TextStream;
  /** A JSON line that is not the last one; nothing without --json. */
  record(value: object): void;
  /** A JSON line of the result, with and without --json; settles when the reader keeps up. */
  row(value: object): Promise<void>;
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
    row: (value) => written(stdout, `${toJson(value)}\n`),
    result: (value, text) => line(stdout, json ? toJson(value) : text),
    say: (text) => line(json ? stderr : stdout, text),
    note: (text) => line(stderr, text),
  };
}

/** Waits where the stream asks for it, so that a slow reader slows the writer down. */
async function written(stream: TextStream, text: string): Promise<void> {
  if (stream.write(text) !== false || stream.once === undefined) return;
  await new Promise<void>((resolve) => {
    stream.once?.("drain", resolve);
    stream.once?.("close", resolve);
  });
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
