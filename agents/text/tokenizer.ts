/** Text <-> tokens, a character each. */
import { GymError } from "dojang/protocol";

export interface Tokenizer {
  /** Tokens are 0 .. vocab-1. */
  readonly vocab: number;
  /** Fills up rows of a batch; stands for no text. */
  readonly pad: number;
  /** The end of a text. */
  readonly end: number;
  /** @throws {GymError} BAD_PARAM for a character that has no token, with its place */
  encode(text: string): Int32Array;
  /** The characters of the tokens; none for pad and end. */
  decode(tokens: ArrayLike<number>): string;
}

/** One token for each character of `alphabet`, behind pad (0) and end (1). @throws {RangeError} when a character is there twice */
export function charTokenizer(alphabet: string): Tokenizer {
  const characters = Array.from(alphabet);
  const tokens = new Map(characters.map((character, i) => [character, i + 2]));
  if (tokens.size !== characters.length) throw new RangeError(`tokenizer: expected each character once, got ${JSON.stringify(alphabet)}`); // prettier-ignore
  return {
    vocab: characters.length + 2,
    pad: 0,
    end: 1,
    encode: (text) =>
      Int32Array.from(Array.from(text), (character, i) => {
        const token = tokens.get(character);
        if (token !== undefined) return token;
        throw new GymError("BAD_PARAM", `tokenizer: character ${i + 1} of a text`, {
          expected: `one of ${alphabet}`,
          received: character,
        });
      }),
    decode: (all) => Array.from(all, (token) => characters[token - 2] ?? "").join(""),
  };
}
