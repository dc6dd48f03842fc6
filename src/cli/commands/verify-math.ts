/** `dojang verify math`: reads `{id, gold, answer, options?}`, writes `{id, equal, code, rule, extracted, gold, ms}` and why. */
import { createMathVerifier, readRequest, type MathVerifier } from "../../verify/index.ts";
import { failureOf } from "../errors.ts";
import { InOrder } from "../in-order.ts";
import { boundedLines, type Line } from "../lines.ts";
import type { VerifyCall, VerifySummary } from "./verify.ts";

/** Bytes of one line. */
const MAX_LINE = 8 * 1024 * 1024;

/** Verdicts that wait for an earlier one, so that they come in the order of the lines. */
const MAX_AHEAD = 256;

type Row = { readonly equal: boolean | null; readonly code: string } & Readonly<Record<string, unknown>>;

export async function verifyMathLines({ input, options, out, signal }: VerifyCall): Promise<VerifySummary> {
  const { workers = 1, limitMs = 2_000, exactOnly = false } = options;
  await using verifier = createMathVerifier({ workers, limitMs, engine: !exactOnly });
  const counts: Record<string, number> = {};
  let lines = 0;
  let failed = 0;
  const rows = new InOrder<Row>(async (row) => {
    lines++;
    if (row.equal === null) failed++;
    counts[row.code] = (counts[row.code] ?? 0) + 1;
    await out.row(row);
  });
  for await (const line of boundedLines(input, MAX_LINE)) {
    if (signal.aborted) break;
    rows.push(judge(verifier, line));
    // One in the engine and one that waits for it, for each worker: more would only grow old in its queue.
    while (rows.waiting >= MAX_AHEAD || (rows.waiting > 0 && verifier.pending >= 2 * workers)) await rows.progress();
  }
  await rows.end();
  return { lines, failed, counts };
}

async function judge(verifier: MathVerifier, { number, text }: Line): Promise<Row> {
  if (text === undefined) return broken(number, `line ${number}: expected at most ${MAX_LINE} bytes`);
  let id: unknown = null;
  try {
    const value = JSON.parse(text) as unknown;
    id = idOf(value);
    const { equal, code, rule, extracted, gold, ms, ...why } = await verifier.verify(readRequest(value, `line ${number}`)); // prettier-ignore
    return { id, equal, code, rule, extracted, gold, ms, ...why };
  } catch (error) {
    const reason = error instanceof SyntaxError ? `line ${number}: expected JSON; ${error.message}` : failureOf(error).message; // prettier-ignore
    return { ...broken(number, reason), id };
  }
}

/** Whatever names the line to its author. */
const idOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "id" in value ? value.id : null;

const broken = (line: number, error: string): Row => ({ id: null, line, equal: null, code: "bad-request", error });
