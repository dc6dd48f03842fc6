/** Tokens: who may connect and what they may do. Compared in constant time. */
import { hash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { didYouMean } from "../../protocol/did-you-mean.ts";
import { GymError } from "../../protocol/errors.ts";

/** What a token may do beside looking at the catalogue. */
export const CAPABILITIES = ["step", "seeds", "snapshot", "recordings", "spectate", "verify"] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** What a token without a list of its own lacks on envs whose state holds an answer: with seeds or snapshots a client could look it up. */
const NOT_ON_SECRET: ReadonlySet<Capability> = new Set(["seeds", "snapshot", "recordings"]);

export interface Token {
  /** SHA-256 of the token's text. */
  readonly digest: Uint8Array;
  /** Absent: everything, but on secret envs neither seeds, snapshots nor recordings. */
  readonly capabilities?: ReadonlySet<Capability>;
}

export const digestOf = (text: string): Uint8Array => hash("sha256", text, "buffer");

export const makeToken = (text: string, capabilities?: readonly Capability[]): Token => ({
  digest: digestOf(text),
  ...(capabilities && { capabilities: new Set(capabilities) }),
});

/** Lines `TOKEN [capability,capability...]`; blank lines and lines that begin with # are skipped. @throws {GymError} BAD_PARAM naming the line, never its content */
export function readTokens(file: string): Token[] {
  const tokens: Token[] = [];
  for (const [i, line] of readText(file).split("\n").entries()) {
    const token = parseLine(line.trim(), `${file}:${i + 1}`);
    if (token === undefined) continue;
    if (tokens.some((other) => timingSafeEqual(other.digest, token.digest))) {
      throw new GymError("BAD_PARAM", `${file}:${i + 1}`, { expected: "a token that no line above has" });
    }
    tokens.push(token);
  }
  if (tokens.length > 0) return tokens;
  throw new GymError("BAD_PARAM", file, { expected: "at least one token, one a line" });
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const { code = "an error" } = cause as NodeJS.ErrnoException;
    throw new GymError(
      "BAD_PARAM",
      file,
      { expected: `a file with tokens, one a line; reading it gave ${code}` },
      cause,
    );
  }
}

function parseLine(line: string, where: string): Token | undefined {
  if (line === "" || line.startsWith("#")) return undefined;
  const [text = "", list, ...rest] = line.split(/\s+/);
  if (rest.length > 0) throw new GymError("BAD_PARAM", where, { expected: "TOKEN or TOKEN capability,capability" });
  // Other characters cannot travel in a header, so the token would never fit.
  if (!/^[\x21-\x7e]{16,}$/.test(text)) {
    throw new GymError("BAD_PARAM", where, { expected: "a token of at least 16 visible ASCII characters" });
  }
  const names = list?.split(",").map((name) => checkCapability(name, where));
  return makeToken(text, names);
}

function checkCapability(name: string, where: string): Capability {
  const found = CAPABILITIES.find((capability) => capability === name);
  if (found !== undefined) return found;
  const near = didYouMean(name, CAPABILITIES);
  const hint = near === undefined ? {} : { hint: `Did you mean ${near}?` };
  throw new GymError("BAD_PARAM", `${where}: capability`, {
    expected: CAPABILITIES.join(", "),
    received: name,
    ...hint,
  });
}

/** The token whose text was presented. Looks at every token, whatever comes first. */
export function findToken(tokens: readonly Token[], text: string): Token | undefined {
  const digest = digestOf(text);
  let found: Token | undefined;
  for (const token of tokens) if (timingSafeEqual(token.digest, digest)) found ??= token;
  return found;
}

export function may(token: Token | undefined, capability: Capability, secret = false): boolean {
  if (token?.capabilities !== undefined) return token.capabilities.has(capability);
  return !(secret && NOT_ON_SECRET.has(capability));
}
