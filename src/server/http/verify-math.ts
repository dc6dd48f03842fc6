/** `POST /v1/verify/math`: the math verifier as a reward service, `{items: [{id?, gold, answer, options?}]}` -> `{verdicts: [...]}`. */
import type { Context, Hono } from "hono";
import { GymError } from "../../../protocol/errors.ts";
import { createMathVerifier, readRequest, type MathRequest, type MathVerifier, type MathVerdict } from "../../verify/index.ts"; // prettier-ignore
import type { Metrics } from "../metrics.ts";
import type { Limits } from "../options.ts";
import { may } from "../tokens.ts";
import type { HttpEnv } from "./admit.ts";

export const VERIFY_MATH = "/v1/verify/math";

/** Seconds after which a client that was turned away may come again. */
const RETRY_AFTER = "1";

/** The verifier of a server. Its workers start with the first request: a server that judges nothing pays nothing. */
export class MathService {
  readonly #limits: Limits;
  readonly #metrics: Metrics;
  #verifier: MathVerifier | undefined;
  #underWay = 0;
  #closed = false;

  constructor(limits: Limits, metrics: Metrics) {
    this.#limits = limits;
    this.#metrics = metrics;
  }

  /** Whether so many more may be taken in. */
  hasRoom(items: number): boolean {
    return !this.#closed && this.#underWay + items <= this.#limits.maxVerifying;
  }

  /** Verdicts in the order of the requests. @param signal aborted when nobody waits for them any more */
  async verify(requests: readonly MathRequest[], signal: AbortSignal): Promise<MathVerdict[]> {
    const { verifyWorkers: workers, verifyMs: limitMs, verifyBatchMs: deadlineMs } = this.#limits;
    this.#verifier ??= createMathVerifier({ workers, limitMs });
    this.#underWay += requests.length;
    try {
      const verdicts = await this.#verifier.verifyAll(requests, { deadlineMs, signal });
      for (const { code, ms } of verdicts) this.#metrics.verified(code, ms * 1_000);
      return verdicts;
    } finally {
      this.#underWay -= requests.length;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#verifier?.close();
  }
}

export function verifyMathRoute(app: Hono<HttpEnv>, math: MathService, { maxVerifyItems }: Limits): void {
  app.post(VERIFY_MATH, async (c) => {
    if (!may(c.get("token"), "verify")) return c.text("This token lacks the capability verify.\n", 403);
    const items = await readItems(c, maxVerifyItems);
    if (typeof items === "string") return c.text(`${items}\n`, 400);
    if (!math.hasRoom(items.length)) {
      return c.text("Too many answers are being judged; send them again (maxVerifying).\n", 503, { "retry-after": RETRY_AFTER }); // prettier-ignore
    }
    const verdicts = await math.verify(items.map(({ request }) => request), c.req.raw.signal); // prettier-ignore
    return c.json({ verdicts: verdicts.map((verdict, i) => ({ id: items[i]?.id ?? null, ...verdict })) });
  });
  app.all(VERIFY_MATH, (c) => c.text(`${VERIFY_MATH} answers POST only.\n`, 405, { allow: "POST" }));
}

interface Item {
  readonly id: unknown;
  readonly request: MathRequest;
}

/** The items of a body, or what is wrong with it. */
async function readItems(c: Context<HttpEnv>, maxItems: number): Promise<readonly Item[] | string> {
  const body: unknown = await c.req.json().catch(() => undefined);
  const items = typeof body === "object" && body !== null && "items" in body ? body.items : undefined;
  if (!Array.isArray(items)) return 'The body is not {"items": [{"gold": ..., "answer": ...}, ...]}.';
  if (items.length > maxItems) return `items: expected at most ${maxItems} (maxVerifyItems), got ${items.length}.`;
  try {
    return items.map((item: unknown, i) => ({ request: readRequest(item, `items[${i}]`), id: (item as { id?: unknown }).id })); // prettier-ignore
  } catch (error) {
    if (error instanceof GymError) return error.message;
    throw error;
  }
}
