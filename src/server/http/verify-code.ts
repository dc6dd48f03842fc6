/** `POST /v1/verify/code`: the code runner as a reward service, `{items: [{id?, language, entryPoint, source, tests}]}` -> `{verdicts: [...]}`. */
import type { Context, Hono } from "hono";
import { GymError } from "../../../protocol/errors.ts";
import { createCodeRunner, parseExactJson, withoutBigints, type Checkers, type CodeResult, type CodeRunner, type Submission } from "../../verify/index.ts"; // prettier-ignore
import type { Metrics } from "../metrics.ts";
import type { Limits } from "../options.ts";
import { may } from "../tokens.ts";
import type { HttpEnv } from "./admit.ts";

export const VERIFY_CODE = "/v1/verify/code";

/** Seconds after which a client that was turned away may come again. */
const RETRY_AFTER = "1";

type Verdict = Omit<CodeResult, "driver"> | { readonly verdict: "infrastructure"; readonly detail: string };

/** The runner of a server. Nothing is started before the first request. */
export class CodeService {
  readonly #limits: Limits;
  readonly #metrics: Metrics;
  readonly #checkers: Checkers;
  #runner: CodeRunner | undefined;
  #underWay = 0;
  #closed = false;

  /** @param checkers of the operator, for submissions to name */
  constructor(limits: Limits, metrics: Metrics, checkers: Checkers) {
    this.#limits = limits;
    this.#metrics = metrics;
    this.#checkers = checkers;
  }

  /** Whether so many more may be taken in. */
  hasRoom(items: number): boolean {
    return !this.#closed && this.#underWay + items <= this.#limits.maxVerifying;
  }

  /** Verdicts in the order of the submissions. @param signal aborted when nobody waits for them any more
   *  @throws {GymError} BAD_PARAM naming the first item that cannot be judged, UNSUPPORTED */
  async verify(submissions: readonly Submission[], signal: AbortSignal): Promise<Verdict[]> {
    const given = AbortSignal.any([signal, AbortSignal.timeout(this.#limits.verifyBatchMs)]);
    const runner = this.#started();
    for (const [i, submission] of submissions.entries()) check(runner, submission, `items[${i}]`);
    this.#underWay += submissions.length;
    try {
      return await Promise.all(submissions.map((submission) => this.#one(runner, submission, given)));
    } finally {
      this.#underWay -= submissions.length;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#runner?.close();
  }

  async #one(runner: CodeRunner, submission: Submission, signal: AbortSignal): Promise<Verdict> {
    const began = performance.now();
    try {
      const { driver: _, ...result } = await runner.run(submission, { signal });
      this.#metrics.judged(result.verdict, (performance.now() - began) * 1_000);
      return result;
    } catch (error) {
      if (!(error instanceof GymError) || !error.retryable) throw error;
      this.#metrics.judged("infrastructure", (performance.now() - began) * 1_000);
      return { verdict: "infrastructure", detail: error.message };
    }
  }

  #started(): CodeRunner {
    const { verifyCodeAtOnce, verifyCodeMs, verifyCodeBytes, maxVerifying } = this.#limits;
    const most = { wallMs: verifyCodeMs, cpuMs: verifyCodeMs, memoryBytes: verifyCodeBytes };
    return (this.#runner ??= createCodeRunner({
      checkers: this.#checkers,
      maxQueue: maxVerifying,
      ...(verifyCodeAtOnce === 0 ? {} : { concurrency: verifyCodeAtOnce }),
      limits: { ...most, cpuMs: Math.ceil(verifyCodeMs / 2), memoryBytes: Math.min(verifyCodeBytes, 256 * 2 ** 20) },
      maxLimits: most,
    }));
  }
}

/** @throws {GymError} BAD_PARAM naming the item and its first wrong field */
function check(runner: CodeRunner, submission: Submission, where: string): void {
  try {
    runner.check(submission);
  } catch (error) {
    throw error instanceof GymError ? new GymError(error.code, `${where}: ${error.message}`) : error;
  }
}

export function verifyCodeRoute(app: Hono<HttpEnv>, code: CodeService, { maxVerifyItems }: Limits): void {
  app.post(VERIFY_CODE, async (c) => {
    if (!may(c.get("token"), "verify")) return c.text("This token lacks the capability verify.\n", 403);
    const items = await readItems(c, maxVerifyItems);
    if (typeof items === "string") return c.text(`${items}\n`, 400);
    if (!code.hasRoom(items.length)) {
      return c.text("Too many answers are being judged; send them again (maxVerifying).\n", 503, { "retry-after": RETRY_AFTER }); // prettier-ignore
    }
    try {
      const verdicts = await code.verify(items.map(({ submission }) => submission), c.req.raw.signal); // prettier-ignore
      return c.json({ verdicts: verdicts.map((verdict, i) => ({ id: items[i]?.id ?? null, ...verdict })) });
    } catch (error) {
      if (!(error instanceof GymError)) throw error;
      return c.text(`${error.message}\n`, error.code === "UNSUPPORTED" ? 501 : 400);
    }
  });
  app.all(VERIFY_CODE, (c) => c.text(`${VERIFY_CODE} answers POST only.\n`, 405, { allow: "POST" }));
}

interface Item {
  readonly id: unknown;
  readonly submission: Submission;
}

/** The items of a body, or what is wrong with it. What each holds is checked by the runner. */
async function readItems(c: Context<HttpEnv>, maxItems: number): Promise<readonly Item[] | string> {
  const body = parsed(await c.req.text());
  const items = typeof body === "object" && body !== null && "items" in body ? body.items : undefined;
  if (!Array.isArray(items))
    return 'The body is not {"items": [{"language": ..., "source": ..., "tests": [...]}, ...]}.';
  if (items.length > maxItems) return `items: expected at most ${maxItems} (maxVerifyItems), got ${items.length}.`;
  return items.map((item: unknown) => {
    const { id = null, ...submission } = Object(item) as { id?: unknown };
    return { id: withoutBigints(id), submission: submission as unknown as Submission };
  });
}

function parsed(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined;
  }
}
