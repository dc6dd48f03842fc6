/** A name for a tree that two trees share exactly when they are built alike. */
import type { Node } from "./ast.ts";
import { showRat } from "./rational.ts";
import { spend } from "./work.ts";

export function namedNode(node: Node): string {
  spend(1);
  switch (node.k) {
    case "num":
      return showRat(node.v);
    case "sym":
      return `'${node.name}'`;
    case "const":
    case "known":
      return node.name;
    case "neg":
    case "percent":
      return `(${node.k} ${namedNode(node.a)})`;
    case "add":
    case "mul":
    case "rel":
      return `(${node.k} ${node.k === "rel" ? node.ops.join("") : ""} ${node.args.map(namedNode).join(" ")})`;
    case "div":
    case "pow":
      return `(${node.k} ${namedNode(node.a)} ${namedNode(node.b)})`;
    case "root":
      return `(root ${node.n} ${namedNode(node.a)})`;
    case "fn":
      return `(${node.name} ${node.args.map(namedNode).join(" ")})`;
    case "pm":
      return `(pm ${node.sign} ${node.a === null ? "" : namedNode(node.a)} ${namedNode(node.b)})`;
    case "list":
      return `(list ${node.joint} ${node.items.map(namedNode).join(" ")})`;
    case "fence":
      return `(fence ${node.open}${node.close} ${node.items.map(namedNode).join(" ")})`;
    case "set":
      return `(set ${node.items.map(namedNode).join(" ")})`;
    case "builder":
      return `(builder ${namedNode(node.head)} ${node.conditions.map(namedNode).join(" ")})`;
    case "setop":
      return `(${node.op} ${namedNode(node.a)} ${namedNode(node.b)})`;
    case "matrix":
      return `(matrix ${node.style} ${node.rows.map((row) => row.map(namedNode).join(" ")).join(";")})`;
    case "qty":
      return `(unit ${node.unit.name} ${namedNode(node.a)})`;
    case "base":
      return `(base ${node.base} ${node.digits})`;
    case "ratio":
      return `(ratio ${node.parts.map(namedNode).join(" ")})`;
    case "text":
      return `"${node.s}"`;
  }
}
