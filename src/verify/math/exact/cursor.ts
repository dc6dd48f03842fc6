/** A place in a list of tokens, with the few moves that the parser needs and a bound on its depth. */
import type { Token } from "./tokens.ts";
import { Malformed, spend, TooLarge } from "./work.ts";

export class Cursor {
  private at = 0;
  private depth = 0;
  private chained = 0;
  /** How many |...| are open: a bar then closes instead of opening. */
  bars = 0;
  /** Inside a set a colon or a bar starts the condition. */
  conditions = false;
  readonly latex: boolean;
  private readonly tokens: Token[];
  private readonly maxDepth: number;

  constructor(tokens: Token[], latex: boolean, maxDepth: number) {
    this.tokens = tokens;
    this.latex = latex;
    this.maxDepth = maxDepth;
  }

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)]!;
  }

  next(): Token {
    spend(1);
    const token = this.peek();
    if (token.t !== "end") this.at++;
    return token;
  }

  /** The token before the current one. */
  previous(): Token | undefined {
    return this.tokens[this.at - 1];
  }

  isOp(s: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.t === "op" && token.s === s;
  }

  isCmd(s: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.t === "cmd" && token.s === s;
  }

  /** Takes the operator if it comes next. */
  take(s: string): boolean {
    if (!this.isOp(s)) return false;
    this.next();
    return true;
  }

  /** @throws {Malformed} when something else comes next */
  expect(s: string): void {
    if (!this.take(s)) throw new Malformed(`${s} expected, got ${this.peek().s === "" ? "the end" : this.peek().s}`);
  }

  atEnd(): boolean {
    return this.peek().t === "end";
  }

  mark(): number {
    return this.at;
  }

  back(to: number): void {
    this.at = to;
  }

  /** Puts other tokens in the place of the next one. */
  replace(by: readonly Token[]): void {
    this.tokens.splice(this.at, 1, ...by);
  }

  /** Notes that the tree grew deeper without a bracket: 1/2/3, 5!!, a ± b ± c. @throws {TooLarge} */
  grow(): void {
    if (++this.chained > 2 * this.maxDepth) throw new TooLarge("nesting");
  }

  /** Parses one level deeper. @throws {TooLarge} */
  deeper<T>(parse: () => T): T {
    if (++this.depth > this.maxDepth) throw new TooLarge("nesting");
    try {
      return parse();
    } finally {
      this.depth--;
    }
  }
}
