/** The token file: what a line may say, and that an error names the line and never what is on it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { CAPABILITIES, findToken, makeToken, may, readTokens } from "../../src/server/tokens.ts";
import { tempDir } from "../support/temp.ts";

const fileOf = (content: string): string => {
  const file = join(tempDir(), "tokens.txt");
  writeFileSync(file, content);
  return file;
};

describe("a token file", () => {
  it("holds a token a line, with capabilities or without; comments, blank lines and CRLF are skipped", () => {
    const file = fileOf("# learners\nfirst-token-of-16\n\r\n  second-token-16ch step,seeds \r\n");
    const tokens = readTokens(file);
    expect(tokens.map(({ capabilities }) => capabilities && [...capabilities])).toEqual([undefined, ["step", "seeds"]]);
    expect(findToken(tokens, "first-token-of-16")).toBe(tokens[0]);
    expect(findToken(tokens, "second-token-16ch")).toBe(tokens[1]);
    expect(findToken(tokens, "second-token-16ch step,seeds")).toBeUndefined();
    expect(findToken(tokens, "# learners")).toBeUndefined();
  });

  it.each([
    ["short-token", 1, "a token of at least 16 visible ASCII characters"],
    ["# ok\npässword-of-16-chars", 2, "a token of at least 16 visible ASCII characters"],
    ["first-token-of-16\nsecond-token-16ch step seeds", 2, "TOKEN or TOKEN capability,capability"],
    ["first-token-of-16\n\nfirst-token-of-16 step", 3, "a token that no line above has"],
  ])("with a wrong line names the line, not its content: %j", (content, line, expected) => {
    const file = fileOf(content);
    const error = thrownBy(() => readTokens(file));
    expect(error).toMatchObject({ code: "BAD_PARAM", message: `${file}:${line}: expected ${expected}` });
    for (const word of content.split(/\s+/).filter((text) => text.length > 5))
      expect(error.message).not.toContain(word);
  });

  it("with a capability that there is not names it and the nearest one", () => {
    const error = thrownBy(() => readTokens(fileOf("first-token-of-16 step,snapshots")));
    expect(error.message).toMatch(
      /tokens.txt:1: capability: expected step, .*got "snapshots". Did you mean snapshot\?$/,
    );
  });

  it("that is empty or missing says so in one line", () => {
    expect(thrownBy(() => readTokens(fileOf("# none\n"))).message).toMatch(/expected at least one token, one a line$/);
    const missing = join(tempDir(), "none.txt");
    expect(thrownBy(() => readTokens(missing)).message).toBe(`${missing}: expected a file with tokens, one a line; reading it gave ENOENT`); // prettier-ignore
  });
});

describe("a token", () => {
  it("is kept as a digest: its text is nowhere in it", () => {
    const token = makeToken("first-token-of-16", ["step"]);
    expect(token.digest).toHaveLength(32);
    expect(JSON.stringify({ ...token, digest: Buffer.from(token.digest).toString("latin1") })).not.toContain(
      "first-token",
    );
  });

  it("without a list may do everything, but on secret envs neither choose seeds, take snapshots nor read recordings", () => {
    const everything = makeToken("first-token-of-16");
    for (const token of [everything, undefined]) {
      for (const capability of CAPABILITIES) expect(may(token, capability)).toBe(true);
      const secret = CAPABILITIES.filter((capability) => may(token, capability, true));
      expect(secret).toEqual(["step", "spectate", "verify"]);
    }
  });

  it("with a list may do what is on it, on secret envs too, and nothing else", () => {
    const token = makeToken("first-token-of-16", ["step", "seeds"]);
    for (const secret of [false, true]) {
      expect(CAPABILITIES.filter((capability) => may(token, capability, secret))).toEqual(["step", "seeds"]);
    }
    expect(CAPABILITIES.filter((capability) => may(makeToken("first-token-of-16", []), capability))).toEqual([]);
  });
});

function thrownBy(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error; // readTokens throws nothing else
  }
  throw new Error("nothing was thrown");
}
