/** `dojang verify code`: reads `{id, language, entryPoint, source, tests, limits?}`, writes `{id, verdict, passed, total, tests, ms, detail}`. */
import { createCodeRunner, parseExactJson, withoutBigints, type CodeResult, type CodeRunner, type Submission } from "../../verify/index.ts"; // prettier-ignore
import { checkersOf } from "../checkers-of.ts";
import { failureOf } from "../errors.ts";
import { InOrder } from "../in-order.ts";
import { boundedLines, type Line } from "../lines.ts";
import type { VerifyCall, VerifySummary } from "./verify.ts";

/** Bytes of one line. */
const MAX_LINE = 64 * 1024 * 1024;

/** Verdicts that wait for an earlier one, so that they come in the order of the lines. */
const MAX_AHEAD = 256;

type Row = { readonly verdict: CodeResult["verdict"] | null } & Readonly<Record<string, unknown>>;

export async function verifyCodeLines({ input, options, out, signal }: VerifyCall): Promise<VerifySummary> {
  const { workers, limitMs = 2_000 } = options;
  const limits = { cpuMs: limitMs, wallMs: 2 * limitMs };
  const runner = createCodeRunner({
    limits,
    checkers: await checkersOf(options.checkers),
    maxQueue: MAX_AHEAD,
    ...(workers === undefined ? {} : { concurrency: workers }),
  });
  const counts: Record<string, number> = {};
  let lines = 0;
  let failed = 0;
  const rows = new InOrder<Row>(async (row) => {
    lines++;
    if (row.verdict === null || row.verdict === "infrastructure") failed++;
    const name = row.verdict ?? "bad-request";
    counts[name] = (counts[name] ?? 0) + 1;
    await out.row(row);
  });
  try {
    for await (const line of boundedLines(input, MAX_LINE)) {
      if (signal.aborted) break;
      rows.push(judge(runner, line));
      while (rows.waiting >= MAX_AHEAD) await rows.progress();
    }
    await rows.end();
  } finally {
    await runner.close();
  }
  return { lines, failed, counts };
}

async function judge(runner: CodeRunner, { number, text }: Line): Promise<Row> {
  if (text === undefined) return broken(number, `line ${number}: expected at most ${MAX_LINE} bytes`);
  let id: unknown = null;
  try {
    const value = parseExactJson(text);
    const { id: given = null, ...submission } = Object(value) as { id?: unknown };
    id = withoutBigints(given);
    // Checked field by field there: the type only says what a right line holds.
    const { verdict, passed, total, tests, ms, detail, ...output } = await runner.run(
      submission as unknown as Submission,
    );
    return { id, verdict, passed, total, tests, ms, detail, ...output };
  } catch (error) {
    const reason = error instanceof SyntaxError ? `expected JSON; ${error.message}` : failureOf(error).message;
    return { ...broken(number, `line ${number}: ${reason}`), id };
  }
}

const broken = (line: number, error: string): Row => ({ id: null, line, verdict: null, error });
