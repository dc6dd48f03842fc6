/** Sums, products, integrals and limits: read as they are written, never evaluated. */
import { type Node, some } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseProduct } from "./parse.ts";
import { parseArgument, parseFactor, readSubscript } from "./parse-operand.ts";

const CALCULUS = /^(?:sum|prod|int|iint|iiint|oint|lim)$/;

export function isCalculus(command: string): boolean {
  return CALCULUS.test(command);
}

/** The command with its bounds and what it is taken of. */
export function parseCalculus(c: Cursor, command: string): Node {
  let name = `calculus ${command}`;
  const bounds: Node[] = [];
  for (;;) {
    if (c.take("_")) name += ` from ${readSubscript(c)}`;
    else if (c.take("^")) bounds.push(c.isOp("{") ? parseArgument(c) : parseFactor(c, true));
    else break;
  }
  return { k: "fn", name, args: [...bounds, parseProduct(c)] };
}

/** Whether an answer leaves a sum, an integral or the like to be worked out. */
export function holdsCalculus(node: Node): boolean {
  return some(node, (part) => part.k === "fn" && part.name.startsWith("calculus "));
}
