/** Matrices and vectors: sums, products, powers, transposes and determinants, then compared entry by entry. */
import { type Node, some } from "./ast.ts";
import { foldRational } from "./fold.ts";
import { Malformed, spend, Unsupported } from "./work.ts";

export type Rows = readonly (readonly Node[])[];

const MOST_ENTRIES = 144;
const LARGEST_DETERMINANT = 6;

export function holdsMatrix(node: Node): boolean {
  return some(node, (part) => part.k === "matrix");
}

/** The value of an expression with matrices: rows, or a single expression; null when it has none. */
export function matrixValue(node: Node): Rows | Node | null {
  if (!holdsMatrix(node)) return node;
  switch (node.k) {
    case "matrix":
      return node.style.startsWith("v") ? determinant(node.rows) : node.rows;
    case "neg":
      return scaled(matrixValue(node.a), (entry) => ({ k: "neg", a: entry }));
    case "add":
      return node.args.map(matrixValue).reduce(sum);
    case "mul":
      return node.args.map(matrixValue).reduce(product);
    case "div":
      return holdsMatrix(node.b) ? null : scaled(matrixValue(node.a), (entry) => ({ k: "div", a: entry, b: node.b }));
    case "pow":
      return wholePower(matrixValue(node.a), foldRational(node.b)?.n ?? -1n);
    case "fn":
      return ofFunction(node.name, matrixValue(node.args[0]!));
    default:
      return null;
  }
}

function isRows(value: Rows | Node | null): value is Rows {
  return Array.isArray(value);
}

function scaled(value: Rows | Node | null, change: (entry: Node) => Node): Rows | Node | null {
  if (value === null) return null;
  return isRows(value) ? value.map((row) => row.map(change)) : change(value);
}

function sum(a: Rows | Node | null, b: Rows | Node | null): Rows | Node | null {
  if (a === null || b === null) return null;
  if (!isRows(a) && !isRows(b)) return { k: "add", args: [a, b] };
  if (!isRows(a) || !isRows(b) || a.length !== b.length || a[0]!.length !== b[0]!.length)
    throw new Malformed("matrix sum");
  return a.map((row, i) => row.map((entry, j) => ({ k: "add", args: [entry, b[i]![j]!] }) as const));
}

function product(a: Rows | Node | null, b: Rows | Node | null): Rows | Node | null {
  if (a === null || b === null) return null;
  if (!isRows(a)) return scaled(b, (entry) => ({ k: "mul", args: [a, entry] }));
  if (!isRows(b)) return scaled(a, (entry) => ({ k: "mul", args: [b, entry] }));
  if (a[0]!.length !== b.length) throw new Malformed("matrix product");
  if (a.length * b[0]!.length * b.length > MOST_ENTRIES * 4) throw new Unsupported("large matrix product");
  return a.map((row) =>
    b[0]!.map((_, j) => ({ k: "add", args: row.map((entry, k) => times(entry, b[k]![j]!)) }) as const),
  );
}

function times(a: Node, b: Node): Node {
  spend(1);
  return { k: "mul", args: [a, b] };
}

function wholePower(base: Rows | Node | null, k: bigint): Rows | Node | null {
  if (!isRows(base) || k < 1n || k > 8n) return null;
  let power: Rows | Node | null = base;
  for (let n = 1n; n < k; n++) power = product(power, base);
  return power;
}

function ofFunction(name: string, value: Rows | Node | null): Rows | Node | null {
  if (!isRows(value)) return null;
  if (name === "transpose") return value[0]!.map((_, j) => value.map((row) => row[j]!));
  return name === "det" || name === "abs" ? determinant(value) : null;
}

/** By expansion along the first row. */
function determinant(rows: Rows): Node {
  const n = rows.length;
  if (rows[0]!.length !== n) throw new Malformed("determinant of a matrix that is not square");
  if (n > LARGEST_DETERMINANT) throw new Unsupported("large determinant");
  spend(n * n);
  if (n === 1) return rows[0]![0]!;
  const terms = rows[0]!.map((entry, j): Node => {
    const term = times(entry, determinant(rows.slice(1).map((row) => row.filter((_, k) => k !== j))));
    return j % 2 === 0 ? term : { k: "neg", a: term };
  });
  return { k: "add", args: terms };
}
