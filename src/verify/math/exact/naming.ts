/** Answers that name what they give: x = 5, f(x) = 2x + 1, (x, y) = (1, 2), x = 10/2 = 5. */
import { isScalar, type Node, num, some, variablesOf } from "./ast.ts";
import { powRat, rat } from "./rational.ts";
import { signOfNode } from "./sign.ts";
import { isClosed } from "./relations.ts";
import { compareScalars } from "./scalar.ts";

export interface Named {
  readonly name: string;
  readonly value: Node;
  /** The decimal that stands behind an "approximately" after the exact value. */
  readonly rounded?: Node;
}

/** The name and the value of a solved equation; null for any other node. */
export function namedValue(node: Node): Named | null {
  if (node.k !== "rel" || node.ops.some((op) => op !== "=" && op !== "~" && op !== "in")) return null;
  const about = node.ops.indexOf("~");
  if (about === node.ops.length - 1 && (about > 0 || !isName(node.args[0]!))) return withRounded(node, about);
  const membership = node.ops.includes("in");
  if (membership && (node.ops.length > 1 || isScalar(node.args[1]!))) return null;
  const [first, ...rest] = node.args;
  const name = nameOf(first!, rest);
  if (name !== null && !mentions(rest, name)) return withName(name, rest);
  const last = node.args.at(-1)!;
  if (!membership && node.args.length === 2 && last.k === "sym" && isClosed(first!))
    return { name: last.name, value: first! };
  return !membership && node.args.every(isClosed) && node.args.every(isScalar) ? withName("", node.args) : null;
}

/** sqrt 2 = ... ~ 1.414: the exact value counts, and the decimal too where it is one. */
function withRounded(node: Node & { readonly k: "rel" }, about: number): Named | null {
  const exact = node.args.slice(0, about + 1);
  const rounded = node.args[about + 1]!;
  const named =
    about === 0 ? { name: "", value: exact[0]! } : namedValue({ k: "rel", ops: node.ops.slice(0, about), args: exact });
  if (named === null || !isScalar(named.value)) return null;
  return rounded.k === "num" && rounds(named.value, rounded) ? { ...named, rounded } : named;
}

/** Whether a decimal is the value cut or rounded at its last place. */
function rounds(value: Node, rounded: Node & { readonly k: "num" }): boolean {
  const unit = num(powRat(rat(10), BigInt(-(rounded.places ?? 0))));
  const gap: Node = { k: "fn", name: "abs", args: [{ k: "add", args: [value, { k: "neg", a: rounded }] }] };
  return signOfNode({ k: "add", args: [unit, { k: "neg", a: gap }] }) === 1;
}

function isName(node: Node): boolean {
  return node.k === "sym" || (node.k === "fn" && node.name.startsWith("call "));
}

/** All the values must agree: "x = 10/2 = 5" names 5, "x = 2 = 5" names nothing. */
function withName(name: string, values: readonly Node[]): Named | null {
  const value = values.at(-1)!;
  for (const other of values.slice(0, -1)) {
    if (!isScalar(other) || !isScalar(value) || compareScalars(other, value).equal !== true) return null;
  }
  return { name, value };
}

function mentions(nodes: readonly Node[], name: string): boolean {
  return nodes.some((node) => variablesOf(node).has(name));
}

function nameOf(node: Node, values: readonly Node[]): string | null {
  if (node.k === "sym") return node.name;
  if (node.k === "fn" && node.name.startsWith("call ")) return node.args.every(isSymbol) ? node.name.slice(5) : null;
  if (node.k === "fence" && node.items.every(isSymbol)) return `(${node.items.map((item) => item.name).join(",")})`;
  if (node.k !== "mul" || node.args.length !== 2) return null;
  const [head, argument] = node.args as [Node, Node];
  // y(x) = 2x reads as a product; it is a name where the value depends on x.
  if (argument.k !== "sym" || !mentions(values, argument.name)) return null;
  if (head.k === "sym" && !mentions(values, head.name)) return head.name;
  const inverse = head.k === "pow" && head.a.k === "sym" && head.b.k === "neg" && !mentions(values, head.a.name);
  return inverse ? `${head.a.name}^-1` : null;
}

function isSymbol(node: Node): node is Node & { readonly k: "sym" } {
  return node.k === "sym";
}

/** Names in words ("Area = 5") name nothing that another answer could contradict. */
export function sameName(a: string, b: string): boolean {
  return a === b || a === "" || b === "" || a.startsWith("text(") || b.startsWith("text(");
}

/** A solved equation whose value holds no variable. */
export function isSolved(named: Named | null): named is Named {
  return named !== null && !some(named.value, (part) => part.k === "sym");
}
