/** Bodies of HTTP requests, up to a size: also those whose size is not told before they come (chunked). */
import type { Context, MiddlewareHandler } from "hono";

/**
 * What hono has for it makes a new Request of the old one, which only works where the global classes are replaced.
 * @param maxSize bytes
 */
export const limitBody =
  (maxSize: number, tooLarge: (c: Context) => Response): MiddlewareHandler =>
  async (c, next) => {
    const { body, headers } = c.req.raw;
    const told = headers.get("content-length");
    if (body === null || (told !== null && !headers.has("transfer-encoding")))
      return Number(told) > maxSize ? tooLarge(c) : next();
    const bytes = await readUpTo(body, maxSize);
    if (bytes === undefined) return tooLarge(c);
    // Where the request's own readers look first: hono keeps promises there, which its type does not say.
    c.req.bodyCache.arrayBuffer = Promise.resolve(bytes) as unknown as ArrayBuffer;
    return next();
  };

/** All of it, or undefined where that is more than `maxSize` bytes. */
async function readUpTo(body: ReadableStream<Uint8Array>, maxSize: number): Promise<ArrayBuffer | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > maxSize) return undefined;
    parts.push(part);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole.buffer;
}
