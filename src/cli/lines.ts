/** The lines of a stream, each of bounded length: what is longer is told and skipped, so that no input can fill the memory. */

export interface Line {
  /** From 1. */
  readonly number: number;
  /** undefined: longer than the limit. */
  readonly text: string | undefined;
}

const NEWLINE = 10;

/** Lines in order; reads on only when the next one is wanted. Blank lines are left out, but counted. @param maxBytes of one line, in 1..2^30 */
export async function* boundedLines(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Line> {
  let kept: Buffer[] = [];
  let size = 0;
  let number = 0;
  const keep = (piece: Buffer): void => {
    size += piece.length;
    if (size <= maxBytes) kept.push(piece);
    else kept = []; // too long: only its length still counts
  };
  const take = (): Line => {
    const text = size > maxBytes ? undefined : Buffer.concat(kept).toString("utf8").replace(/\r$/, "");
    kept = [];
    size = 0;
    return { number: ++number, text };
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      keep(chunk.subarray(from, at));
      from = at + 1;
      const line = take();
      if (line.text?.trim() !== "") yield line;
    }
    keep(chunk.subarray(from));
  }
  if (size === 0) return;
  const last = take();
  if (last.text?.trim() !== "") yield last;
}
