/** Families of sets, tuples, intervals, matrices, several answers and plus-minus. */
import { digits, digitsKey } from "./digits.ts";
import type { Draws } from "./draws.ts";
import { family } from "./pair.ts";
import { permuted, ratio, writeRatio, type Ratio } from "./writings.ts";

const keyOf = ({ n, d }: Ratio): string => digitsKey(digits(n).div(d));
const element = (draws: Draws): Ratio =>
  draws.chance(2, 3) ? ratio(draws.int(-20, 20), 1) : ratio(draws.nonZero(-20, 20), draws.int(2, 9));
const elements = (draws: Draws, low: number, high: number): Ratio[] =>
  Array.from({ length: draws.int(low, high) }, () => element(draws));
const texts = (items: readonly Ratio[], draws: Draws): string[] => items.map((item) => writeRatio(item, draws));

/** Different elements only. */
const distinct = (items: readonly Ratio[]): Ratio[] => [...new Map(items.map((item) => [keyOf(item), item])).values()];

function changed(items: readonly Ratio[], draws: Draws): Ratio[] {
  const at = draws.int(0, items.length - 1);
  switch (draws.int(0, 3)) {
    case 0:
      return items.length > 1 ? items.filter((_, i) => i !== at) : [...items, ratio(23, 1)];
    case 1:
      return [...items, ratio(draws.int(21, 40), 1)];
    case 2:
      return items.map((item, i) => (i === at ? ratio(item.n + item.d, item.d) : item));
    default:
      return items.map((item, i) => (i === at ? ratio(-item.n, item.d) : item));
  }
}

export const sets = family<readonly Ratio[]>({
  name: "set",
  item: (draws) => (draws.chance(1, 20) ? [] : distinct(elements(draws, 1, 5))),
  write(items, draws) {
    if (items.length === 0) return draws.pick(["\\emptyset", "\\varnothing", "\\{\\}", "∅", "\\{ \\}"]);
    const inside = permuted(texts(items, draws), draws, draws.pick([", ", ","]));
    return draws.pick([
      `\\{${inside}\\}`,
      `\\left\\{${inside}\\right\\}`,
      `\\{ ${inside} \\}`,
      items.length > 1 ? `{${inside}}` : `\\{${inside} \\}`,
    ]);
  },
  miss: (items, draws) => (items.length === 0 ? [ratio(0, 1)] : distinct(changed(items, draws))),
  key: (items) => items.map(keyOf).sort().join(" "),
});

export const tuples = family<readonly Ratio[]>({
  name: "tuple",
  item: (draws) => elements(draws, 2, 4),
  write(items, draws) {
    const inside = texts(items, draws).join(draws.pick([", ", ",", ",\\ "]));
    return draws.pick([`(${inside})`, `\\left(${inside}\\right)`, `( ${inside} )`, `$(${inside})$`]);
  },
  miss: (items, draws) => (draws.chance(1, 3) ? [...items].reverse() : changed(items, draws)),
  key: (items) => items.map(keyOf).join(" "),
});

/** Pieces in order, at least 1 apart, so that none touches another. */
interface Piece {
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly lowIn: boolean;
  readonly highIn: boolean;
}

export const intervals = family<readonly Piece[]>({
  name: "interval and union",
  item(draws) {
    const count = draws.pick([1, 1, 2, 3]);
    let from = draws.int(-20, 0);
    return Array.from({ length: count }, (_, i): Piece => {
      const low = from;
      const high = low + draws.int(1, 6);
      from = high + draws.int(1, 4);
      const openLow = i === 0 && draws.chance(1, 4);
      const openHigh = i === count - 1 && draws.chance(1, 4);
      return {
        low: openLow ? undefined : low,
        high: openHigh ? undefined : high,
        lowIn: !openLow && draws.chance(1, 2),
        highIn: !openHigh && draws.chance(1, 2),
      };
    });
  },
  write: (pieces, draws) =>
    draws.shuffle(pieces.flatMap((piece) => writePiece(piece, draws))).join(draws.pick([" \\cup ", "\\cup", " ∪ "])),
  miss(pieces, draws) {
    const at = draws.int(0, pieces.length - 1);
    return pieces.map((piece, i) => (i === at ? missPiece(piece, draws) : piece));
  },
  key: (pieces) =>
    pieces
      .map(
        ({ low, high, lowIn, highIn }) =>
          `${lowIn ? "[" : "("}${String(low ?? "-oo")} ${String(high ?? "oo")}${highIn ? "]" : ")"}`,
      )
      .join(" "),
});

function writePiece({ low, high, lowIn, highIn }: Piece, draws: Draws): string[] {
  const [open, close] = [lowIn ? "[" : "(", highIn ? "]" : ")"];
  const from = low === undefined ? "-\\infty" : writeRatio(ratio(low, 1), draws);
  const to = high === undefined ? draws.pick(["\\infty", "+\\infty"]) : writeRatio(ratio(high, 1), draws);
  const write = (o: string, a: string, b: string, c: string): string =>
    draws.pick([`${o}${a}, ${b}${c}`, `${o}${a},${b}${c}`, `\\left${o}${a}, ${b}\\right${c}`]);
  if (low === undefined || high === undefined || high - low < 2 || !draws.chance(1, 6))
    return [write(open, from, to, close)];
  const middle = String(low + 1);
  return [write(open, from, middle, "]"), write("(", middle, to, close)];
}

const missPiece = (piece: Piece, draws: Draws): Piece =>
  draws.pick<Piece>([
    piece.low === undefined ? { ...piece, low: -100, lowIn: true } : { ...piece, lowIn: !piece.lowIn },
    piece.high === undefined ? { ...piece, high: 100, highIn: true } : { ...piece, highIn: !piece.highIn },
    piece.low === undefined ? { ...piece, high: (piece.high ?? 0) - 1 } : { ...piece, low: undefined, lowIn: false },
  ]);

/** Rows of one length. */
type Matrix = readonly (readonly Ratio[])[];

export const matrices = family<Matrix>({
  name: "matrix and vector",
  item(draws) {
    const [rows, columns] = draws.pick([
      [2, 2],
      [2, 1],
      [3, 1],
      [2, 3],
      [3, 3],
    ] as const);
    return Array.from({ length: rows }, () => Array.from({ length: columns }, () => element(draws)));
  },
  write(matrix, draws) {
    const inside = matrix
      .map((row) => texts(row, draws).join(draws.pick([" & ", "&"])))
      .join(draws.pick([" \\\\ ", "\\\\", " \\\\\n"]));
    const name = draws.pick(["pmatrix", "bmatrix", "pmatrix"]);
    const last = draws.chance(1, 6) ? " \\\\" : "";
    if (draws.chance(1, 6))
      return `\\left(\\begin{array}{${"c".repeat(matrix[0]?.length ?? 1)}}${inside}\\end{array}\\right)`;
    return `\\begin{${name}} ${inside}${last} \\end{${name}}`;
  },
  miss(matrix, draws) {
    if (matrix.length === matrix[0]?.length && draws.chance(1, 3))
      return matrix.map((row, i) => row.map((_, j) => matrix[j]?.[i] ?? ratio(0, 1)));
    const at = draws.int(0, matrix.length - 1);
    return matrix.map((row, i) =>
      i === at
        ? row.map((item, j) => (j === 0 ? ratio(item.n + item.d * draws.pick([1, -1, 10]), item.d) : item))
        : row,
    );
  },
  key: (matrix) => matrix.map((row) => row.map(keyOf).join(" ")).join("; "),
});

export const multipleAnswers = family<readonly Ratio[]>({
  name: "multiple answers",
  item: (draws) => {
    const found = distinct(elements(draws, 2, 4));
    return found.length > 1 ? found : [ratio(1, 1), ratio(2, 1)];
  },
  write(items, draws) {
    const written = draws.shuffle(texts(items, draws));
    if (draws.chance(1, 3))
      return written.map((text) => `x = ${text}`).join(draws.pick([", ", " \\text{ or } ", " or "]));
    if (written.length > 1 && draws.chance(1, 3))
      return `${written.slice(0, -1).join(", ")} \\text{ and } ${written.at(-1) ?? ""}`;
    return written.join(draws.pick([", ", ",  ", ", \\ "]));
  },
  miss: (items, draws) => distinct(changed(items, draws)),
  key: (items) => items.map(keyOf).sort().join(" "),
});

/** a plus or minus b sqrt(c). */
interface PlusMinus {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

export const plusMinus = family<PlusMinus>({
  name: "plus-minus",
  item: (draws) => ({
    a: draws.chance(1, 2) ? 0 : draws.nonZero(-9, 9),
    b: draws.int(1, 9),
    c: draws.pick([1, 1, 2, 3, 5, 7]),
  }),
  write({ a, b, c }, draws) {
    const part = c === 1 ? String(b) : `${b === 1 ? "" : String(b)}\\sqrt{${String(c)}}`;
    const first = a === 0 ? "" : String(a);
    const [plus, minus] = [a === 0 ? part : `${first} + ${part}`, `${first}${a === 0 ? "-" : " - "}${part}`];
    const text = draws.pick([
      `${first}\\pm ${part}`,
      `${first} \\pm${part}`,
      `${first} ± ${part}`,
      permuted([plus, minus], draws),
      permuted([plus, minus], draws, " \\text{ and } "),
      permuted([`x = ${plus}`, `x = ${minus}`], draws),
      permuted([`x = ${plus}`, `x = ${minus}`], draws, " \\text{ or } "),
    ]);
    return text.trim();
  },
  miss: (item, draws) =>
    draws.pick([
      { ...item, a: item.a + 1 },
      { ...item, b: item.b + 1 },
      { ...item, c: item.c + 1 },
      { ...item, a: item.a === 0 ? 2 : -item.a },
    ]),
  key: ({ a, b, c }) =>
    [1, -1]
      .map((sign) =>
        digitsKey(
          digits(c)
            .sqrt()
            .mul(sign * b)
            .add(a),
        ),
      )
      .sort()
      .join(" "),
});
