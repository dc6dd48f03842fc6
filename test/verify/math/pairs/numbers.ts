/** Families of plain numbers: fractions, decimals, mixed numbers, thousands, percent. */
import { digits, digitsKey } from "./digits.ts";
import { family } from "./pair.ts";
import { decimalOf, dress, ratio, writeRatio, type Ratio } from "./writings.ts";

const key = ({ n, d }: Ratio): string => digitsKey(digits(n).div(d));

export const rationals = family<Ratio>({
  name: "rational",
  item: (draws) => ratio(draws.nonZero(-99, 99), draws.int(2, 60)),
  write: (item, draws) => dress(writeRatio(item, draws), draws),
  miss: ({ n, d }, draws) =>
    draws.pick([ratio(n + 1, d), ratio(n, d + 1), ratio(-n, d), ratio(d, n), ratio(10 * n, d), ratio(n + d, d)]),
  key,
});

interface Repeating {
  /** Digits before the point, after it, and those that repeat; "" where none do. */
  readonly whole: string;
  readonly fixed: string;
  readonly cycle: string;
}

export const decimals = family<Repeating>({
  name: "decimal",
  item: (draws) => ({
    whole: String(draws.int(0, 30)),
    fixed: draws.chance(2, 3) ? String(draws.int(1, 99)) : "",
    cycle: draws.chance(1, 2) ? String(draws.int(1, 98)) : "",
  }),
  write(item, draws) {
    const { whole, fixed, cycle } = item;
    const start = `${whole}.${fixed}`;
    if (cycle === "") {
      if (fixed === "") return draws.pick([whole, `${whole}.0`, `${whole}.00`, `+${whole}`]);
      const forms = [start, `${start}0`, `0${start}`, `${whole}${fixed} \\times 10^{-${String(fixed.length)}}`];
      forms.push(`${whole}${fixed}e-${String(fixed.length)}`, writeRatio(valueOf(item), draws));
      return dress(draws.pick(forms), draws);
    }
    const over = [`\\overline{${cycle}}`, `(${cycle})`, `\\bar{${cycle}}`, `${cycle}\\overline{${cycle}}`];
    const { n, d } = valueOf(item);
    return draws.pick([start + draws.pick(over), start + draws.pick(over), `\\frac{${String(n)}}{${String(d)}}`]);
  },
  miss: (item, draws) =>
    draws.pick([
      { ...item, whole: String(Number(item.whole) + 1) },
      { ...item, fixed: `${item.fixed}0`, cycle: item.cycle === "" ? "3" : "" },
      { ...item, fixed: `0${item.fixed}` },
      { ...item, cycle: item.cycle === "" ? "9" : item.cycle + "1" },
    ]),
  key: (item) => key(valueOf(item)),
});

function valueOf({ whole, fixed, cycle }: Repeating): Ratio {
  const scale = 10 ** fixed.length;
  const start = Number(whole + fixed);
  if (cycle === "") return ratio(start, scale);
  const nines = 10 ** cycle.length - 1;
  return ratio(start * nines + Number(cycle), scale * nines);
}

interface Mixed {
  readonly whole: number;
  readonly n: number;
  readonly d: number;
  readonly sign: 1 | -1;
}

const improper = ({ whole, n, d, sign }: Mixed): Ratio => ratio(sign * (whole * d + n), d);

export const mixedNumbers = family<Mixed>({
  name: "mixed number",
  item(draws) {
    const d = draws.int(2, 12);
    return { whole: draws.int(1, 20), n: draws.int(1, d - 1), d, sign: draws.chance(1, 4) ? -1 : 1 };
  },
  write(item, draws) {
    const { whole, n, d, sign } = item;
    const [w, top, below] = [String(whole), String(n), String(d)];
    const minus = sign < 0 ? "-" : "";
    const forms = [
      `${minus}${w}\\frac{${top}}{${below}}`,
      `${minus}${w} \\frac{${top}}{${below}}`,
      `${minus}${w}\\dfrac{${top}}{${below}}`,
      `${minus}${w}\\,\\frac{${top}}{${below}}`,
      `${minus}${w} ${top}/${below}`,
      writeRatio(improper(item), draws),
    ];
    return dress(draws.pick(forms), draws);
  },
  miss: (item, draws) =>
    draws.pick([
      { ...item, whole: item.whole + 1 },
      { ...item, n: (item.n % (item.d - 1)) + 1 },
      { ...item, sign: item.sign === 1 ? -1 : 1 },
      { ...item, d: item.d + 1 },
    ]),
  key: (item) => key(improper(item)),
});

const GROUPS = [",", "{,}", "\\,", "\\ ", " ", ",\\!", "\\;"];

export const thousands = family<number>({
  name: "thousands",
  item: (draws) =>
    draws.chance(1, 2) ? draws.int(1000, 999_999) : draws.int(1_000_000, 9_999_999) * draws.pick([1, 10, 1000]),
  write(item, draws) {
    const plain = String(item);
    const grouped = plain.replace(/\B(?=(\d{3})+$)/g, draws.pick(GROUPS));
    const text = draws.pick([plain, grouped, grouped, `${grouped}.0`, `+${plain}`]);
    return dress(text, draws);
  },
  miss: (item, draws) =>
    draws.pick([item + 1, item * 10, Math.floor(item / 10), item + 1000, -item, Number(`${String(item)}0`) + 1]),
  key: (item) => digitsKey(digits(item)),
});

export const percents = family<Ratio>({
  name: "percent",
  item: (draws) => ratio(draws.int(1, 400), draws.pick([1, 1, 2, 4, 5, 10])),
  write(item, draws) {
    const text = decimalOf(item) ?? "";
    const share = ratio(item.n, item.d * 100);
    const forms = [
      `${text}\\%`,
      `${text}%`,
      `${text} \\%`,
      `${text} percent`,
      `${text}\\,\\%`,
      `${text}\\text{ percent}`,
    ];
    return draws.chance(3, 4) ? draws.pick(forms) : writeRatio(share, draws);
  },
  miss: ({ n, d }, draws) => draws.pick([ratio(n + 1, d), ratio(10 * n, d), ratio(n, 10 * d), ratio(n + 3, d)]),
  key: ({ n, d }) => key({ n, d: 100 * d }),
});
