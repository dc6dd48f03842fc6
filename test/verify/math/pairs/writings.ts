/** Ways to write numbers that several families share. */
import type { Draws } from "./draws.ts";
import { gcd } from "./digits.ts";

export interface Ratio {
  readonly n: number;
  /** At least 1. */
  readonly d: number;
}

export const ratio = (n: number, d: number): Ratio => {
  const by = gcd(n, d) * Math.sign(d);
  return { n: n / by, d: d / by };
};

/** Terminating decimals only: 3/8 is "0.375", 1/3 is undefined. */
export function decimalOf({ n, d }: Ratio): string | undefined {
  let rest = d;
  let places = 0;
  for (; rest % 10 === 0; rest /= 10) places++;
  let [twos, fives] = [0, 0];
  for (; rest % 2 === 0; rest /= 2) twos++;
  for (; rest % 5 === 0; rest /= 5) fives++;
  if (rest !== 1) return undefined;
  places += Math.max(twos, fives);
  const scaled = (BigInt(Math.abs(n)) * 10n ** BigInt(places)) / BigInt(d);
  const text = scaled.toString().padStart(places + 1, "0");
  const cut = text.length - places;
  return (n < 0 ? "-" : "") + text.slice(0, cut) + (places > 0 ? `.${text.slice(cut)}` : "");
}

const FRACTIONS = ["\\frac", "\\dfrac", "\\tfrac"];

/** One of the usual writings of a rational number, LaTeX or plain. */
export function writeRatio(value: Ratio, draws: Draws): string {
  const { n, d } = value;
  const sign = n < 0 ? "-" : "";
  const top = Math.abs(n);
  const fraction = draws.pick(FRACTIONS);
  const forms = [`${sign}${fraction}{${String(top)}}{${String(d)}}`, `${String(n)}/${String(d)}`];
  if (n < 0) forms.push(`${fraction}{${String(n)}}{${String(d)}}`);
  if (top < 10 && d < 10) forms.push(`${sign}\\frac${String(top)}${String(d)}`);
  const decimal = decimalOf(value);
  if (decimal !== undefined) forms.push(decimal);
  if (d === 1) return draws.chance(11, 12) ? String(n) : draws.pick(forms);
  const k = draws.int(2, 6);
  forms.push(`${sign}${fraction}{${String(k * top)}}{${String(k * d)}}`);
  return draws.pick(forms);
}

/** Wraps a text as a hurried writer might: dollars, \left and \right, blanks. Means the same. */
export function dress(text: string, draws: Draws): string {
  switch (draws.int(0, 7)) {
    case 0:
      return `$${text}$`;
    case 1:
      return ` ${text} `;
    case 2:
      return `${text}.`;
    default:
      return text;
  }
}

export const permuted = (parts: readonly string[], draws: Draws, separator = ", "): string =>
  draws.shuffle(parts).join(separator);
