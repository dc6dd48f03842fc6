/** Characters <-> tokens. */
import { describe, expect, it } from "vitest";
import { charTokenizer } from "../../../agents/text/tokenizer.ts";

describe("a tokenizer of characters", () => {
  const { vocab, pad, end, encode, decode } = charTokenizer("ab🙂= ");

  it("gives each character a token from 2 on, behind padding and end", () => {
    expect([vocab, pad, end]).toEqual([7, 0, 1]);
    expect(Array.from(encode("b =🙂"))).toEqual([3, 6, 5, 4]);
  });

  it("gives back the text, without padding and end", () => {
    expect(decode([...encode("a🙂b= "), end, pad, pad])).toBe("a🙂b= ");
    expect(decode(encode(""))).toBe("");
  });

  it("refuses a character that has no token, with its place", () => {
    expect(() => encode("abc")).toThrow(/character 3 of a text: expected one of ab🙂= , got "c"/);
  });

  it("refuses an alphabet with a character twice", () => {
    expect(() => charTokenizer("aba")).toThrow(/expected each character once, got "aba"/);
  });
});
