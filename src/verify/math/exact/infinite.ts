/** Infinity as a value and as the end of an interval. */
import type { Node } from "./ast.ts";

/** 1 for infinity, -1 for minus infinity, else 0. */
export function infiniteSign(node: Node): -1 | 0 | 1 {
  if (node.k === "const" && node.name === "inf") return 1;
  if (node.k !== "neg") return 0;
  const inner = infiniteSign(node.a);
  return inner === 0 ? 0 : inner === 1 ? -1 : 1;
}
