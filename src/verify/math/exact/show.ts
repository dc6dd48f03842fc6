/** Trees as plain text, for people who read verdicts. */
import type { Node } from "./ast.ts";
import { foldRational } from "./fold.ts";
import { showRat } from "./rational.ts";
import { TooLarge, withShare, Malformed } from "./work.ts";

const LONGEST = 200;

/** The normalised form of an answer, at most 200 characters. */
export function showNode(node: Node): string {
  const text = show(node, 0);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}

/** Binding strength of what surrounds the node: 0 list, 1 sum, 2 product, 3 power. */
function show(node: Node, outer: 0 | 1 | 2 | 3): string {
  const inBrackets = (text: string, strength: number): string => (outer > strength ? `(${text})` : text);
  switch (node.k) {
    case "num":
      return inBrackets(showRat(node.v), node.v.d !== 1n ? 1 : node.v.n < 0n ? 1 : 3);
    case "sym":
    case "const":
    case "known":
      return node.name;
    case "neg":
      return inBrackets(`-${show(node.a, 2)}`, 1);
    case "add":
    case "mul":
    case "div":
    case "pow":
      return showOperation(node, outer);
    case "root":
      return node.n === 2 ? `sqrt(${show(node.a, 0)})` : `root(${node.n}, ${show(node.a, 0)})`;
    case "fn":
      return `${node.name.replace(/^call /, "")}(${node.args.map((arg) => show(arg, 0)).join(", ")})`;
    case "pm":
      return inBrackets(`${node.a === null ? "" : show(node.a, 1)}${node.sign === 1 ? "±" : "∓"}${show(node.b, 2)}`, 1);
    case "qty":
      return `${show(node.a, 2)} ${node.unit.name}`;
    case "percent":
      return `${show(node.a, 2)}%`;
    case "base":
      return `${node.digits}_${node.base}`;
    default:
      return showContainer(node);
  }
}

type Operation = Node & { readonly k: "add" | "mul" | "div" | "pow" };

function showOperation(node: Operation, outer: number): string {
  const value = node.k === "pow" ? null : quickValue(node);
  if (value !== null) return outer > 0 && !/^\d+$/.test(value) ? `(${value})` : value;
  const strength = node.k === "add" ? 1 : node.k === "pow" ? 3 : 2;
  const text = operationText(node);
  return outer > strength || (outer === 3 && strength === 3) ? `(${text})` : text;
}

function operationText(node: Operation): string {
  if (!("args" in node)) {
    return node.k === "div" ? `${show(node.a, 2)}/${show(node.b, 3)}` : `${show(node.a, 3)}^${show(node.b, 3)}`;
  }
  const parts = node.args.map((arg) => show(arg, node.k === "add" ? 1 : 2));
  return node.k === "add" ? parts.join(" + ").replaceAll("+ -", "- ") : parts.join("*");
}

function quickValue(node: Node): string | null {
  try {
    const value = withShare(0.02, () => foldRational(node));
    return value === null || value instanceof TooLarge ? null : showRat(value);
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

function showContainer(node: Node): string {
  const all = (items: readonly Node[]): string => items.map((item) => show(item, 0)).join(", ");
  switch (node.k) {
    case "rel":
      return node.args.map((arg, k) => `${k === 0 ? "" : ` ${node.ops[k - 1]!} `}${show(arg, 0)}`).join("");
    case "list":
      return node.joint === "or" || node.joint === "and"
        ? node.items.map((item) => show(item, 0)).join(` ${node.joint} `)
        : all(node.items);
    case "fence":
      return `${node.open}${all(node.items)}${{ "(": ")", "[": "]", "<": ">" }[node.close]}`;
    case "set":
      return `{${all(node.items)}}`;
    case "builder":
      return `{${show(node.head, 0)} | ${all(node.conditions)}}`;
    case "setop":
      return `${show(node.a, 3)} ${{ cup: "∪", cap: "∩", minus: "∖" }[node.op]} ${show(node.b, 3)}`;
    case "matrix":
      return `[${node.rows.map((row) => `[${all(row)}]`).join(", ")}]`;
    case "ratio":
      return node.parts.map((part) => show(part, 1)).join(":");
    case "text":
      return node.s;
    default:
      return "";
  }
}
