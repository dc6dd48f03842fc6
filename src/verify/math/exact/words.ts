/** Letters of plain text to tokens: names of functions and constants, else one symbol a letter. */
import { CONSTANTS, FUNCTIONS, GREEK } from "./names.ts";
import type { Token } from "./tokens.ts";
import { Unsupported } from "./work.ts";

const NAMES = [...FUNCTIONS.keys(), ...GREEK, "pi", "infinity", "infty"]
  .filter(
    (name) =>
      name.length > 1 &&
      /^[a-zA-Z]+$/.test(name) &&
      !/^(?:Re|Im|xi|nu|mu|lg|tg|ell|arg|det|min|max|eta|chi|psi|rho|tau|abs|sec|frac|sign|beta)$/.test(name),
  )
  .sort((a, b) => b.length - a.length);

/** Words of this many letters without a known name inside are words, not products of variables. */
const SHORTEST_WORD = 4;

/** Splits a run of letters. @throws {Unsupported} when it is a word of plain language */
export function splitRun(run: Token): Token[] {
  const whole = nameToken(run.s, run.gap);
  if (whole !== null) return [whole];
  if (isAlphabetical(run.s)) return Array.from(run.s).map((s, at) => ({ t: "sym", s, gap: at === 0 ? run.gap : 0 }));
  const tokens: Token[] = [];
  let loose = 0;
  for (let at = 0; at < run.s.length;) {
    const name = run.s.length >= 3 ? NAMES.find((known) => run.s.startsWith(known, at)) : undefined;
    const gap = at === 0 ? run.gap : 0;
    tokens.push(nameToken(name ?? run.s[at]!, gap) ?? { t: "sym", s: run.s[at]!, gap });
    loose = name === undefined ? loose + 1 : 0;
    if (loose >= SHORTEST_WORD || (loose > 2 && run.s.length > loose)) throw new Unsupported(`word ${run.s}`);
    at += name?.length ?? 1;
  }
  return tokens;
}

function nameToken(name: string, gap: Token["gap"]): Token | null {
  const fn = FUNCTIONS.get(name);
  if (fn !== undefined) return { t: "cmd", s: fn, gap };
  if (CONSTANTS.has(name) || GREEK.has(name)) return { t: "cmd", s: name, gap };
  return null;
}

/** abcd, wxyz: no word of four or more letters, but a product. */
function isAlphabetical(letters: string): boolean {
  if (letters.length < SHORTEST_WORD || letters.length > 6 || /[ei]/.test(letters)) return false;
  return Array.from(letters).every((letter, at) => at === 0 || letters[at - 1]! < letter);
}
