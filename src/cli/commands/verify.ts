/** `dojang verify KIND [FILE]`: JSON lines in, one verdict line out for each, in the same order. */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { subcommand, type Call } from "../command.ts";
import { EXIT, nearest, wrongCall } from "../errors.ts";
import { verifyCodeLines } from "./verify-code.ts";
import { verifyMathLines } from "./verify-math.ts";

const NAMES = ["workers", "limitMs", "exactOnly", "checkers"] as const;

/** How a kind of verifier was called. */
export interface VerifyCall extends Call<(typeof NAMES)[number] | "json"> {
  /** Standard input or the file; ends when the command is interrupted. */
  readonly input: AsyncIterable<Buffer>;
}

/** What was done, for the last line and the exit status. */
export interface VerifySummary {
  readonly lines: number;
  /** Lines without a verdict: not readable, or the verifier could not tell. */
  readonly failed: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** One entry a kind. */
const KINDS: Readonly<Record<string, (call: VerifyCall) => Promise<VerifySummary>>> = {
  math: verifyMathLines,
  code: verifyCodeLines,
};

export const verify = subcommand({
  name: "verify",
  arguments: [
    { name: "KIND", doc: Object.keys(KINDS).join(", ") },
    { name: "FILE", doc: "file of JSON lines; standard input without it", optional: true },
  ],
  options: NAMES,
  examples: [
    `echo '{"id": 1, "gold": "1/2", "answer": "So it is \\\\boxed{0.5}."}' | dojang verify math`,
    "dojang verify math answers.jsonl > verdicts.jsonl",
    "dojang verify code submissions.jsonl > verdicts.jsonl",
  ],
  async run(call) {
    const [kind = "", file] = call.args;
    const run = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
    if (run === undefined) throw wrongCall("verify", Object.keys(KINDS).join(", "), kind, nearest(kind, Object.keys(KINDS))); // prettier-ignore
    const source = await inputOf(file);
    const stop = (): void => void source.destroy();
    call.signal.addEventListener("abort", stop, { once: true });
    try {
      const summary = await run({ ...call, input: untilStopped(source, call.signal) });
      tell(call, summary);
      return summary.failed > 0 ? EXIT.failed : EXIT.done;
    } finally {
      call.signal.removeEventListener("abort", stop);
      source.destroy();
    }
  },
});

/** @throws what opening the file threw */
async function inputOf(file: string | undefined): Promise<Readable> {
  if (file === undefined || file === "-") return process.stdin;
  const handle = await open(file);
  if ((await handle.stat()).isDirectory()) {
    await handle.close();
    throw wrongCall(file, "a file of JSON lines", "a folder");
  }
  return createReadStream(file, { fd: handle, highWaterMark: 256 * 1024 });
}

/** That the input was closed under the reader is how an interrupt ends it. */
async function* untilStopped(source: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    yield* source as AsyncIterable<Buffer>; // no encoding was set
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function tell({ out }: Pick<Call, "out">, { lines, failed, counts }: VerifySummary): void {
  const parts = Object.entries(counts).map(([code, count]) => `${count} ${code}`);
  out.note(`${lines} lines: ${parts.length === 0 ? "nothing to judge" : parts.join(", ")}`);
  if (out.json) out.result({ ok: failed === 0, lines, failed, counts }, "");
}
