/** Families of logs, trigonometry, pi and e, and complex numbers. */
import { Decimal } from "decimal.js";
import { PI, Digits, digits, digitsKey } from "./digits.ts";
import { family } from "./pair.ts";
import { ratio, type Ratio } from "./writings.ts";

/** times * log of `of` to the base `base`; base 0 is e. */
interface Log {
  readonly base: number;
  readonly of: number;
  readonly power: number;
  readonly times: number;
}

export const logs = family<Log>({
  name: "log",
  item(draws) {
    const base = draws.pick([0, 0, 2, 3, 5, 10]);
    const of = base === 0 || draws.chance(1, 2) ? draws.pick([2, 3, 5, 6, 7, 10, 12]) : base;
    return { base, of, power: draws.nonZero(-3, 6), times: draws.int(1, 3) };
  },
  write({ base, of, power, times }, draws) {
    const log = base === 0 ? "\\ln" : `\\log_{${String(base)}}`;
    const forms = [`${String(times * power)}${log} ${String(of)}`, `${String(times * power)} ${log}(${String(of)})`];
    forms.push(
      `${times === 1 ? "" : String(times)}${log}\\left(${power > 0 ? String(of ** power) : `\\frac{1}{${String(of ** -power)}}`}\\right)`,
    );
    forms.push(`${String(times)}*${base === 0 ? "ln" : `log_${String(base)}`}(${String(of)}^${String(power)})`);
    if (base !== 0) forms.push(`\\frac{${String(times * power)}\\ln ${String(of)}}{\\ln ${String(base)}}`);
    if (base === of) forms.push(String(times * power));
    if (of === 6) forms.push(`${String(times * power)}(${log} 2 + ${log} 3)`);
    return draws.pick(forms);
  },
  miss: (item, draws) =>
    draws.pick([
      { ...item, power: item.power + 1 },
      { ...item, of: item.of + 1 },
      { ...item, times: item.times + 1 },
      { ...item, base: item.base === 0 ? 10 : 0 },
    ]),
  key: ({ base, of, power, times }) =>
    digitsKey(
      digits(of)
        .ln()
        .mul(power * times)
        .div(base === 0 ? 1 : digits(base).ln()),
    ),
});

const VALUES: Readonly<Record<string, readonly string[]>> = {
  "0": ["0"],
  "1/2": ["\\frac12", "1/2", "0.5"],
  "sqrt2/2": ["\\frac{\\sqrt2}{2}", "\\frac{1}{\\sqrt{2}}", "sqrt(2)/2"],
  "sqrt3/2": ["\\frac{\\sqrt{3}}{2}", "sqrt(3)/2", "\\frac{3}{2\\sqrt{3}}"],
  "1": ["1"],
  "15": ["\\frac{\\sqrt{6}-\\sqrt{2}}{4}", "\\frac{\\sqrt{3}-1}{2\\sqrt{2}}"],
  "75": ["\\frac{\\sqrt{6}+\\sqrt{2}}{4}", "\\frac{\\sqrt{3}+1}{2\\sqrt{2}}"],
};

/** Sine of a multiple of 15 degrees, up to sign, by its name above. */
const SINES: readonly string[] = ["0", "15", "1/2", "sqrt2/2", "sqrt3/2", "75", "1"];

/** times * sin (or cos) of 15 * step degrees. */
interface Angle {
  readonly name: "sin" | "cos";
  readonly step: number;
}

export const trigonometry = family<Angle>({
  name: "trigonometry",
  item: (draws) => ({ name: draws.pick(["sin", "cos"] as const), step: draws.int(-12, 24) }),
  write({ name, step }, draws) {
    const degrees = step * 15;
    const { n, d } = ratio(step, 12);
    const angle = d === 1 ? `${String(n)}\\pi` : `\\frac{${String(n)}\\pi}{${String(d)}}`;
    const other = name === "sin" ? "\\cos" : "\\sin";
    return draws.pick([
      `\\${name} ${String(degrees)}^\\circ`,
      `\\${name}(${String(degrees)}^{\\circ})`,
      `\\${name}\\left(${angle}\\right)`,
      `\\${name}{${angle}}`,
      `${name}(${String(n)}*pi/${String(d)})`,
      `${other}(${String(90 - degrees)}^\\circ)`,
      exactSine(name === "sin" ? step : 6 - step, draws.int(0, 2)),
      exactSine(name === "sin" ? step : 6 - step, draws.int(0, 2)),
    ]);
  },
  miss: (item, draws) =>
    draws.pick<Angle>([
      { ...item, step: item.step + 1 },
      { ...item, step: -item.step - 1 },
      { ...item, name: item.name === "sin" ? "cos" : "sin" },
      { ...item, step: item.step + 12 },
    ]),
  key: ({ name, step }) => digitsKey(Digits[name](PI.mul(step).div(12))),
});

function exactSine(step: number, which: number): string {
  const turn = ((step % 24) + 24) % 24;
  const half = turn % 12;
  const found = VALUES[SINES[half <= 6 ? half : 12 - half] ?? ""] ?? [];
  const text = found[which % found.length] ?? "0";
  return turn > 12 && text !== "0" ? `-${text}` : text;
}

/** pi * p + e^power * q. */
interface Constants {
  readonly p: Ratio;
  readonly q: Ratio;
  readonly power: number;
}

export const constants = family<Constants>({
  name: "pi and e",
  item(draws) {
    const both = draws.int(0, 2);
    return {
      p: both === 1 ? ratio(0, 1) : ratio(draws.nonZero(-9, 9), draws.int(1, 8)),
      q: both === 0 ? ratio(0, 1) : ratio(draws.int(1, 9), draws.pick([1, 1, 2, 3])),
      power: draws.nonZero(-3, 3),
    };
  },
  write({ p, q, power }, draws) {
    const parts: string[] = [];
    if (p.n !== 0) parts.push(writePi(p, draws.int(0, 5)));
    if (q.n !== 0) parts.push(writeE(q, power, draws.int(0, 3)));
    return parts.length === 0 ? "0" : draws.shuffle(parts).join(" + ");
  },
  miss: (item, draws) =>
    item.q.n === 0
      ? {
          ...item,
          p: draws.pick([ratio(item.p.n + 1, item.p.d), ratio(-item.p.n, item.p.d), ratio(item.p.n, item.p.d + 1)]),
        }
      : draws.pick([
          { ...item, power: item.power + 1 },
          { ...item, power: -item.power },
          { ...item, q: ratio(item.q.n + 1, item.q.d) },
        ]),
  key: ({ p, q, power }) =>
    digitsKey(
      PI.mul(p.n)
        .div(p.d)
        .add(q.n === 0 ? 0 : Digits.exp(power).mul(q.n).div(q.d)),
    ),
});

function writePi({ n, d }: Ratio, how: number): string {
  const [top, below] = [String(n), String(d)];
  const forms = [
    d === 1 ? `${top}\\pi` : `\\frac{${top}\\pi}{${below}}`,
    d === 1 ? `${top} \\pi` : `\\frac{${top}}{${below}}\\pi`,
    d === 1 ? `${top}*pi` : `${top}*pi/${below}`,
    d === 1 ? `${top}π` : `${top}π/${below}`,
    `\\frac{${String(2 * n)}\\pi}{${String(2 * d)}}`,
    `\\pi \\cdot ${n < 0 ? `\\left(\\frac{${top}}{${below}}\\right)` : `\\frac{${top}}{${below}}`}`,
  ];
  return forms[how] ?? "";
}

function writeE({ n, d }: Ratio, power: number, how: number): string {
  const raised =
    [`e^{${String(power)}}`, `exp(${String(power)})`, `e^{${String(power)}}`, `\\exp(${String(power)})`][how] ?? "";
  if (d === 1) return n === 1 ? raised : how === 1 ? `${String(n)}*${raised}` : `${String(n)}${raised}`;
  return how === 1 ? `${String(n)}/${String(d)}*${raised}` : `\\frac{${String(n)}}{${String(d)}}${raised}`;
}

interface Complex {
  readonly a: number;
  readonly b: number;
}

export const complexNumbers = family<Complex>({
  name: "complex number",
  item: (draws) => ({ a: draws.int(-9, 9), b: draws.nonZero(-9, 9) }),
  write({ a, b }, draws) {
    const times = Math.abs(b) === 1 ? "" : String(Math.abs(b));
    const imaginary = `${times}i`;
    const minus = b < 0 ? "-" : "";
    if (a === 0)
      return draws.pick([
        `${minus}${imaginary}`,
        `${minus}${times} i`,
        `${String(b)}*i`,
        `0 ${b < 0 ? "-" : "+"} ${imaginary}`,
        `\\frac{${String(-b)}}{i}`,
      ]);
    return draws.pick([
      `${String(a)} ${b < 0 ? "-" : "+"} ${imaginary}`,
      `${String(a)}${b < 0 ? "-" : "+"}${imaginary}`,
      `${minus}${imaginary} ${a < 0 ? "-" : "+"} ${String(Math.abs(a))}`,
      `${String(a)}.0 ${b < 0 ? "-" : "+"} ${String(Math.abs(b))}.0i`,
      `i(${String(b)} ${a < 0 ? "+" : "-"} ${String(Math.abs(a))}i)`,
      `\\frac{${String(2 * a)} ${b < 0 ? "-" : "+"} ${String(2 * Math.abs(b))}i}{2}`,
    ]);
  },
  miss: ({ a, b }, draws) =>
    draws.pick([
      { a, b: -b },
      { a: -a, b },
      { a: b, b: a === 0 ? 1 : a },
      { a: a + 1, b },
      { a, b: b + 1 === 0 ? 2 : b + 1 },
    ]),
  key: ({ a, b }) => `${digitsKey(new Decimal(a))} ${digitsKey(new Decimal(b))}`,
});
