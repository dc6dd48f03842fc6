/** Families of powers and roots. */
import { digits, digitsKey, factorial } from "./digits.ts";
import { family } from "./pair.ts";
import { ratio, writeRatio, type Ratio } from "./writings.ts";

const SQUAREFREE = [2, 3, 5, 6, 7, 10, 11, 13, 14, 15];

/** a + b sqrt(c), over d. */
interface Surd {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

export const surds = family<Surd>({
  name: "surd",
  item: (draws) => ({
    a: draws.chance(1, 3) ? 0 : draws.nonZero(-12, 12),
    b: draws.nonZero(-9, 9),
    c: draws.pick(SQUAREFREE),
    d: draws.chance(1, 2) ? 1 : draws.int(2, 9),
  }),
  write({ a, b, c, d }, draws) {
    const top = writeTop(a, b, c, draws.int(0, 4));
    if (d === 1) return a === 0 && draws.chance(1, 4) ? rationalised(b, c) : top;
    const forms = [`\\frac{${top}}{${String(d)}}`, `(${top})/${String(d)}`, `\\dfrac{${top}}{${String(d)}}`];
    if (a !== 0)
      forms.push(`\\frac{${String(a)}}{${String(d)}} + \\frac{${String(b)}}{${String(d)}}\\sqrt{${String(c)}}`);
    return draws.pick(forms);
  },
  miss: (item, draws) =>
    draws.pick([
      { ...item, b: -item.b },
      { ...item, c: item.c + 1 },
      { ...item, a: item.a + 1 },
      { ...item, a: item.a === 0 ? 1 : -item.a },
      { ...item, d: item.d + 1 },
    ]),
  key: ({ a, b, c, d }) => digitsKey(digits(c).sqrt().mul(b).add(a).div(d)),
});

function writeTop(a: number, b: number, c: number, how: number): string {
  const sign = b < 0 ? "-" : "+";
  const times = Math.abs(b) === 1 ? "" : String(Math.abs(b));
  const roots = [
    `${times}\\sqrt{${String(c)}}`,
    `${times}\\sqrt{${String(c)}}`,
    `\\sqrt{${String(b * b * c)}}`,
    `${String(Math.abs(b))}*sqrt(${String(c)})`,
    `${times}√${String(c)}`,
  ];
  const root = roots[how] ?? "";
  if (a === 0) return b < 0 ? `-${root}` : root;
  if (how === 1 && b > 0) return `${root} ${a < 0 ? "-" : "+"} ${String(Math.abs(a))}`;
  return `${String(a)} ${sign} ${root}`;
}

const rationalised = (b: number, c: number): string => `\\frac{${String(b * c)}}{\\sqrt{${String(c)}}}`;

/** sqrt(p) + sqrt(q), written as one root of a root; and cube roots. */
interface Nested {
  readonly p: number;
  readonly q: number;
  readonly sign: 1 | -1;
}

export const nestedRoots = family<Nested>({
  name: "nested root",
  item(draws) {
    const q = draws.int(1, 8);
    return { p: q + draws.int(1, 9), q, sign: draws.chance(1, 3) ? -1 : 1 };
  },
  write({ p, q, sign }, draws) {
    const mark = sign > 0 ? "+" : "-";
    return draws.pick([
      `\\sqrt{${String(p)}} ${mark} \\sqrt{${String(q)}}`,
      `\\sqrt{${String(p + q)} ${mark} 2\\sqrt{${String(p * q)}}}`,
      `sqrt(${String(p + q)} ${mark} 2*sqrt(${String(p * q)}))`,
      `\\sqrt{${String(p + q)} ${mark} \\sqrt{${String(4 * p * q)}}}`,
    ]);
  },
  miss: (item, draws) =>
    draws.pick([
      { ...item, p: item.p + 1 },
      { ...item, q: item.q + 1 },
      { ...item, sign: item.sign === 1 ? -1 : 1 },
    ]),
  key: ({ p, q, sign }) => digitsKey(digits(p).sqrt().add(digits(q).sqrt().mul(sign))),
});

/** base ** (exponent / root). */
interface Power {
  readonly base: number;
  readonly exponent: number;
  readonly root: number;
}

export const powers = family<Power>({
  name: "power",
  item: (draws) => ({
    base: draws.int(2, 12),
    exponent: draws.nonZero(-9, 24),
    root: draws.pick([1, 1, 1, 2, 3]),
  }),
  write({ base, exponent, root }, draws) {
    const [b, e, r] = [String(base), String(exponent), String(root)];
    const share = root === 1 ? e : `${e}/${r}`;
    const forms = [
      `${b}^{${share}}`,
      `(${b})^{${share}}`,
      `${b}^(${share})`,
      `${String(base * base)}^{${e}/${String(2 * root)}}`,
    ];
    if (root === 1 && exponent < 0)
      forms.push(`\\frac{1}{${b}^{${String(-exponent)}}}`, `(1/${b})^{${String(-exponent)}}`);
    if (root === 1 && exponent > 0)
      forms.push((BigInt(base) ** BigInt(exponent)).toString(), `${b} \\cdot ${b}^{${String(exponent - 1)}}`);
    if (root > 1 && exponent > 0)
      forms.push(`\\sqrt[${r}]{${b}^{${e}}}`, `\\sqrt[${r}]{${(BigInt(base) ** BigInt(exponent)).toString()}}`);
    return draws.pick(forms);
  },
  miss: (item, draws) =>
    draws.pick([
      { ...item, exponent: item.exponent + 1 },
      { ...item, exponent: -item.exponent },
      { ...item, base: item.base + 1 },
      { ...item, root: item.root + 1 },
    ]),
  key: ({ base, exponent, root }) => digitsKey(digits(base).pow(digits(exponent).div(root)), true),
});

interface Count {
  readonly kind: "factorial" | "quotient" | "binomial" | "inverse";
  readonly n: number;
  readonly k: number;
}

const counted = ({ kind, n, k }: Count): Ratio | undefined =>
  kind === "inverse"
    ? undefined
    : ratio(
        Number(
          kind === "factorial"
            ? factorial(n)
            : factorial(n) / factorial(kind === "quotient" ? n - k : k) / (kind === "quotient" ? 1n : factorial(n - k)),
        ),
        1,
      );

export const counts = family<Count>({
  name: "factorial and binomial",
  item(draws) {
    const kind = draws.pick(["factorial", "quotient", "binomial", "binomial", "inverse"] as const);
    const n = kind === "inverse" ? draws.int(150, 2100) : draws.int(4, 17);
    return { kind, n, k: draws.int(1, Math.min(n - 1, 6)) };
  },
  write(item, draws) {
    const [n, k, rest] = [String(item.n), String(item.k), String(item.n - item.k)];
    if (item.kind === "inverse")
      return draws.pick([
        `\\frac{1}{${n}!}`,
        `1/${n}!`,
        `\\frac{1}{${n} \\cdot ${String(item.n - 1)}!}`,
        `\\frac{${String(item.n + 1)}}{${String(item.n + 1)}!}`,
      ]);
    const value = counted(item) ?? { n: 0, d: 1 };
    const plain = writeRatio(value, draws);
    if (item.kind === "factorial")
      return draws.pick([`${n}!`, `${n} \\cdot ${String(item.n - 1)}!`, `${n} \\times ${String(item.n - 1)}!`, plain]);
    if (item.kind === "quotient") return draws.pick([`\\frac{${n}!}{${rest}!}`, `${n}!/${rest}!`, plain]);
    return draws.pick([
      `\\binom{${n}}{${k}}`,
      `{${n} \\choose ${k}}`,
      `\\binom{${n}}{${rest}}`,
      `\\frac{${n}!}{${k}!\\,${rest}!}`,
      `C(${n},${k})`,
      plain,
    ]);
  },
  miss: (item, draws) =>
    item.kind === "factorial" || draws.chance(1, 2)
      ? { ...item, n: item.n + draws.int(1, 2) }
      : { ...item, k: item.k + 1 },
  key(item) {
    if (item.kind === "inverse") return digitsKey(digits(1).div(digits(factorial(item.n))), true);
    return digitsKey(digits(counted(item)?.n ?? 0));
  },
});
