/** Text to tokens: LaTeX, plain text and mixtures of both. */
import {
  ACCENTS,
  ALIASES,
  DROPPED,
  FACE_COMMANDS,
  FUNCTIONS,
  OPERATOR_COMMANDS,
  SPACES,
  TEXT_COMMANDS,
} from "./names.ts";
import { readNumeral } from "./numerals.ts";
import type { Rat } from "./rational.ts";
import { Malformed, spend, Unsupported } from "./work.ts";

export interface Token {
  /**
   * num: a numeral; op: an operator or bracket; cmd: a LaTeX command or a plain function name; run: letters of plain
   * text, to be split by the parser; sym: one symbol; str: text; end: after the last one.
   */
  readonly t: "num" | "op" | "cmd" | "run" | "sym" | "str" | "end";
  readonly s: string;
  /** What stands before it: 0 nothing, 1 white space, 2 a LaTeX space that shows. */
  readonly gap: 0 | 1 | 2;
  readonly v?: Rat;
  readonly places?: number | null;
  /** num: a plain string of digits, that "\frac12" takes one at a time. */
  readonly digits?: string | null;
}

const OPERATORS = ["<=", ">=", "!=", "==", "=>", "->", "...", "**", ":="];
const RENAMED: Readonly<Record<string, string>> = { "==": "=", "=>": "⇒", "->": "→", "**": "^", ":=": "=" };
const NAME = /[A-Za-z]+\*?/y;
const LETTER_RUN = /\p{L}+/uy;
const PLAIN_NAMES = /(?:log2|log10)(?![0-9])/y;

export interface TokenOptions {
  readonly decimalComma: boolean;
}

/** @throws {Malformed} unbalanced braces of a text command; {Unsupported} a sign that has no meaning here */
export function tokenize(text: string, options: TokenOptions): Token[] {
  return new Tokenizer(text, options).run();
}

class Tokenizer {
  private readonly tokens: Token[] = [];
  private at = 0;
  private gap: 0 | 1 | 2 = 0;
  /** For each open bracket: whether commas inside it group thousands. */
  private readonly commas: boolean[] = [true];
  private readonly text: string;
  private readonly options: TokenOptions;

  constructor(text: string, options: TokenOptions) {
    this.text = text;
    this.options = options;
  }

  run(): Token[] {
    while (this.at < this.text.length) {
      spend(2);
      const char = this.text[this.at]!;
      if (char === " " || char === "\n" || char === "\t" || char === "\r" || char === "~") this.space(1, 1);
      else if (char === "\\") this.command();
      else if ((char >= "0" && char <= "9") || (char === "." && isDigit(this.text[this.at + 1]))) this.numeral();
      else if (isLetter(char)) this.letters();
      else this.operator(char);
    }
    this.push("end", "");
    return this.tokens;
  }

  private push(t: Token["t"], s: string, more: Partial<Token> = {}): void {
    this.tokens.push({ t, s, gap: this.gap, ...more });
    this.gap = 0;
    if (t !== "op") return;
    if (s === "(" || s === "[" || s === "{{" || s === "⟨") this.commas.push(this.groupsThousands());
    if (s === "{") this.commas.push(this.isArgument() ? this.commas.at(-1)! : this.groupsThousands());
    if ((s === "}" || s === ")" || s === "]" || s === "}}" || s === "⟩") && this.commas.length > 1) this.commas.pop();
  }

  /** Whether the brace just read belongs to a command, a power or an index, and so is no set. */
  private isArgument(): boolean {
    const before = this.tokens.at(-2);
    return before?.t === "cmd" || (before?.t === "op" && "^_}]".includes(before.s));
  }

  /** Inside a bracket a comma separates, unless other commas there are set apart by a space. */
  private groupsThousands(): boolean {
    let depth = 0;
    for (let k = this.at; k < this.text.length && depth >= 0; k++) {
      spend(0.05);
      const char = this.text[k]!;
      if ("([{".includes(char)) depth++;
      else if (")]}".includes(char)) depth--;
      else if (char === "," && depth === 0 && this.text[k + 1] === " ") return true;
    }
    return false;
  }

  private space(length: number, kind: 1 | 2): void {
    this.at += length;
    if (this.gap < kind) this.gap = kind;
  }

  private numeral(): void {
    const style = { commas: this.commas.at(-1)!, decimalComma: this.options.decimalComma };
    const numeral = readNumeral(this.text, this.at, style);
    if (numeral === null) throw new Malformed("number");
    spend(numeral.length / 8);
    const s = this.text.slice(this.at, this.at + numeral.length);
    this.at += numeral.length;
    this.push("num", s, { v: numeral.v, places: numeral.places, digits: numeral.digits });
  }

  private letters(): void {
    PLAIN_NAMES.lastIndex = this.at;
    const run = PLAIN_NAMES.exec(this.text)?.[0];
    if (run !== undefined) {
      this.at += run.length;
      return this.push("cmd", FUNCTIONS.get(run)!);
    }
    LETTER_RUN.lastIndex = this.at;
    const letters = LETTER_RUN.exec(this.text)?.[0] ?? this.text[this.at]!;
    this.at += letters.length;
    this.push("run", letters);
  }

  private operator(char: string): void {
    const long = OPERATORS.find((operator) => this.text.startsWith(operator, this.at));
    if (long !== undefined) {
      this.at += long.length;
      return this.push("op", RENAMED[long] ?? long);
    }
    if (!"+-*/^_()[]{}|,;:=<>!'%&$\"€£¥¢.?".includes(char)) throw new Unsupported(`sign ${char}`);
    this.at++;
    this.push("op", char);
  }

  private command(): void {
    NAME.lastIndex = this.at + 1;
    const name = NAME.exec(this.text)?.[0].replace("*", "") ?? this.text[this.at + 1] ?? "";
    const starred = this.text[this.at + 1 + name.length] === "*" && name.length > 1;
    if (name === "\\") return this.rowEnd();
    if (SPACES.has(name)) return this.space(1 + name.length, name === "!" ? 1 : 2);
    this.at += 1 + name.length + (starred ? 1 : 0);
    if (name === "") throw new Malformed("backslash at the end");
    if (DROPPED.has(name)) return this.dropped(name);
    if (TEXT_COMMANDS.has(name)) return this.push("str", this.argument());
    if (FACE_COMMANDS.has(name)) return this.face(this.argument());
    if (ACCENTS.has(name)) return this.push("sym", `${name}(${this.argument().replace(/\s+/g, "")})`);
    if (name === "mathbb") return this.push("cmd", `set${this.argument().trim()}`);
    const operator = OPERATOR_COMMANDS.get(name);
    if (operator !== undefined) return this.push("op", operator);
    this.push("cmd", ALIASES.get(name) ?? name);
  }

  private rowEnd(): void {
    this.at += 2;
    const skip = /\s*\[[^\]]*\]/y;
    skip.lastIndex = this.at;
    if (skip.test(this.text) && /^\s*\[-?[\d.]+(?:pt|em|ex|mm|cm)\]/.test(this.text.slice(this.at, skip.lastIndex))) {
      this.at = skip.lastIndex;
    }
    this.push("op", "\\\\");
  }

  private dropped(name: string): void {
    if (/^(?:left|right)$/.test(name) && this.text[this.at] === ".") this.at++;
    // \left| and \right| say which side of the bars they are.
    if (/^(?:left|[bB]igg?l)$/.test(name) && this.text[this.at] === "|") return this.bar("|(");
    if (/^(?:right|[bB]igg?r)$/.test(name) && this.text[this.at] === "|") return this.bar("|)");
    if (this.gap === 0) this.gap = 1;
  }

  private bar(side: string): void {
    this.at++;
    this.push("op", side);
  }

  private face(content: string): void {
    const name = content.replace(/\\[,;:! ]|\s+/g, " ").trim();
    if (FUNCTIONS.has(name)) return this.push("cmd", FUNCTIONS.get(name)!);
    // A single upright letter after a number is a unit; elsewhere it is a symbol like any other.
    const unit = this.tokens.at(-1)?.t === "num" && !/^[ei]$/.test(name);
    if (/^[A-Za-z]$/.test(name)) return this.push(unit ? "str" : "run", name);
    if (/^[\p{L} .%/^0-9-]*\p{L}[\p{L} .%/^0-9-]*$/u.test(name)) return this.push("str", name);
    this.tokens.push(...new Tokenizer(content, this.options).run().slice(0, -1));
  }

  /** The braced argument that follows, raw; or the next character. */
  private argument(): string {
    while (this.text[this.at] === " ") this.at++;
    if (this.text[this.at] !== "{") {
      const one = this.text[this.at] ?? "";
      if (one === "\\") {
        NAME.lastIndex = this.at + 1;
        const name = NAME.exec(this.text)?.[0] ?? "";
        this.at += 1 + name.length;
        return `\\${name}`;
      }
      this.at++;
      return one;
    }
    const start = this.at + 1;
    let depth = 0;
    for (; this.at < this.text.length; this.at++) {
      spend(0.1);
      const char = this.text[this.at];
      if (char === "\\") this.at++;
      else if (char === "{") depth++;
      else if (char === "}" && --depth === 0) return this.text.slice(start, this.at++);
    }
    throw new Malformed("unbalanced braces");
  }
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= "0" && char <= "9";
}

function isLetter(char: string): boolean {
  return (char >= "a" && char <= "z") || (char >= "A" && char <= "Z") || (char > "\u007f" && /\p{L}/u.test(char));
}
