/** What a text that a generator printed is worth, at 60 digits: the second opinion on every label. Written for the generators' own writings, apart from the verifier. */
import {
  FUNCTIONS,
  I,
  add,
  divide,
  multiply,
  negate,
  onReal,
  power,
  real,
  toRadians,
  type Complex,
} from "./complex.ts";
import { Digits, PI, digits, factorial } from "./digits.ts";

const TOKEN = /\\[a-zA-Z]+|\d+(?:\.\d*)?|\.\d+|exp|sqrt|sin|cos|ln|log|pi|[a-zA-Z]|\S/y;

export interface Letters {
  readonly [name: string]: number;
}

/** @throws {Error} when the text is not of the grammar that the generators write. */
export function evaluate(text: string, letters: Letters = {}): Complex {
  const reader = new Reader(tokens(text), letters);
  const value = reader.sum();
  if (reader.peek() !== undefined) throw new Error(`${text}: expected its end, got ${String(reader.peek())}`);
  return value;
}

function tokens(text: string): string[] {
  const plain = text
    .trim()
    .replace(/^\$(.*)\$$/s, "$1")
    .replace(/\.$/, "")
    .replace(/\{,\}|,\\!|,(?=\d{3})|(?<=\d)(?:\\[, ;]| )(?=\d{3}(?!\d))/g, "")
    .replace(/(?<=\d) (?=\d+\/\d)/g, " \\mixed ")
    .replace(/\\left|\\right|\\text\{ percent\}|\\,(?=\\%)/g, (found) => (found.includes("percent") ? "%" : ""))
    .replace(/ percent|\\%/g, "%")
    .replace(/(\d)e(-?\d+)/g, "$1 \\times 10^{$2}")
    .replace(/√(\d+)/g, "\\sqrt{$1}")
    .replaceAll("π", "\\pi ")
    .replace(/\\[,;! ]/g, " ");
  const found: string[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < plain.length;) {
    while (plain[TOKEN.lastIndex] === " ") TOKEN.lastIndex++;
    const match = TOKEN.exec(plain);
    if (match === null) break;
    found.push(match[0]);
  }
  return found;
}

class Reader {
  readonly #tokens: readonly string[];
  readonly #letters: Letters;
  #at = 0;

  constructor(found: readonly string[], letters: Letters) {
    this.#tokens = found;
    this.#letters = letters;
  }

  peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #next(): string {
    return this.#tokens[this.#at++] ?? "";
  }

  #take(token: string): boolean {
    const found = this.peek() === token;
    if (found) this.#at++;
    return found;
  }

  #expect(token: string): void {
    if (!this.#take(token))
      throw new Error(`expected ${token}, got ${String(this.peek())} in ${this.#tokens.join(" ")}`);
  }

  sum(): Complex {
    let value = this.#product();
    for (;;) {
      if (this.#take("+")) value = add(value, this.#product());
      else if (this.#take("-")) value = add(value, negate(this.#product()));
      else return value;
    }
  }

  #product(): Complex {
    let value = this.#signed();
    for (;;) {
      const token = this.peek();
      if (token === "*" || token === "\\cdot" || token === "\\times") {
        this.#at++;
        value = multiply(value, this.#signed());
      } else if (this.#take("/")) value = divide(value, this.#signed());
      else if (token !== undefined && token !== "\\choose" && /^[\\a-zA-Z0-9({]/.test(token))
        value = multiply(value, this.#power());
      else return value;
    }
  }

  #signed(): Complex {
    if (this.#take("-")) return negate(this.#signed());
    if (this.#take("+")) return this.#signed();
    return this.#power();
  }

  #power(): Complex {
    let value = this.#atom();
    for (;;) {
      if (this.#take("!")) value = real(factorial(value.re.toNumber()));
      else if (this.#take("%")) value = divide(value, real(100));
      else if (this.#take("^")) {
        if (this.#degrees()) value = toRadians(value);
        else value = power(value, this.#argument());
      } else return value;
    }
  }

  #degrees(): boolean {
    if (this.#take("\\circ")) return true;
    if (this.peek() !== "{" || this.#tokens[this.#at + 1] !== "\\circ") return false;
    this.#at += 3;
    return true;
  }

  /** `{...}`, `(...)` or one token; of a number written without braces, its first digit. */
  #argument(): Complex {
    return this.peek() === "-" ? this.#signed() : this.#atom();
  }

  #group(close: string): Complex {
    let value = this.sum();
    if (this.#take("\\choose")) value = choose(value, this.sum());
    this.#expect(close);
    return value;
  }

  #atom(): Complex {
    const token = this.#next();
    if (token === "(") return this.#group(")");
    if (token === "{") return this.#group("}");
    if (/^[\d.]/.test(token)) return this.#number(token);
    if (token === "\\pi" || token === "pi") return real(PI);
    if (token === "e") return real(Digits.exp(1));
    if (token === "C") return this.#combinations();
    if (Object.hasOwn(this.#letters, token)) return real(this.#letters[token] ?? 0);
    if (token === "i") return I;
    return this.#command(token);
  }

  #command(token: string): Complex {
    const name = token.replace(/^\\/, "");
    if (/^[dt]?frac$/.test(name)) {
      const top = this.#digitOrGroup();
      return divide(top, this.#digitOrGroup());
    }
    if (name === "binom") {
      const n = this.#digitOrGroup();
      return choose(n, this.#digitOrGroup());
    }
    if (name === "sqrt" && this.#take("[")) {
      const root = this.#group("]");
      return power(this.#digitOrGroup(), divide(real(1), root));
    }
    if (name === "log") {
      this.#expect("_");
      const base = token === "log" ? this.#atom() : this.#digitOrGroup();
      const of = this.#power();
      return divide(
        onReal("log", of, (value) => value.ln()),
        onReal("log", base, (value) => value.ln()),
      );
    }
    const apply = FUNCTIONS[name];
    if (apply === undefined) throw new Error(`expected a function, got ${name} in ${this.#tokens.join(" ")}`);
    const of =
      name === "sqrt" ? this.#digitOrGroup() : name === "sin" || name === "cos" ? this.#signed() : this.#power();
    return onReal(name, of, apply);
  }

  #digitOrGroup(): Complex {
    const token = this.peek() ?? "";
    if (!/^\d{2,}$/.test(token)) return this.#atom();
    const rest = [...this.#tokens];
    rest.splice(this.#at, 1, token.slice(0, 1), token.slice(1));
    Object.assign(this.#tokens, rest);
    return this.#atom();
  }

  #combinations(): Complex {
    this.#expect("(");
    const n = this.sum();
    this.#expect(",");
    const value = choose(n, this.sum());
    this.#expect(")");
    return value;
  }

  /** A number, with what repeats behind it, and a fraction added where it is a mixed number. */
  #number(token: string): Complex {
    const repeated = this.#repeated(token);
    if (repeated) return repeated;
    if (this.#take("\\mixed")) {
      const n = real(this.#next());
      this.#expect("/");
      return add(real(token), divide(n, real(this.#next())));
    }
    const whole = real(token);
    return /^\d+$/.test(token) && /^\\[dt]?frac$/.test(this.peek() ?? "") && this.#isMixed()
      ? add(whole, this.#atom())
      : whole;
  }

  /** `2\frac{1}{2}` is a mixed number; `2\frac{1}{2}\pi` and `\frac{2}{3}e` come from no generator. */
  #isMixed(): boolean {
    return /^\d/.test(this.#tokens[this.#at + 1] ?? "") || /^\d+$/.test(this.#tokens[this.#at + 2] ?? "");
  }

  #repeated(token: string): Complex | undefined {
    const next = this.peek() ?? "";
    if (!token.includes(".") || !(next === "(" || next === "\\overline" || next === "\\bar")) return undefined;
    this.#at += next === "(" ? 1 : 2;
    const cycle = this.#next();
    this.#at++;
    const places = token.split(".")[1]?.length ?? 0;
    const tail = digits(cycle).div(digits(10).pow(cycle.length).sub(1)).div(digits(10).pow(places));
    return real(digits(token.replace(/\.$/, "")).add(tail));
  }
}

function choose(n: Complex, k: Complex): Complex {
  const [all, some] = [n.re.toNumber(), k.re.toNumber()];
  return real(factorial(all) / factorial(some) / factorial(all - some));
}
