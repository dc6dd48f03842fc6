/** Plus-minus: an expression with the sign stands for two, the upper signs and the lower ones. */
import { type Node, some } from "./ast.ts";

/** The one or two expressions that a node with plus-minus signs stands for. */
export function bothSigns(node: Node): readonly Node[] {
  return some(node, (part) => part.k === "pm") ? [withSign(node, 1), withSign(node, -1)] : [node];
}

function withSign(node: Node, sign: 1 | -1): Node {
  const at = (part: Node): Node => withSign(part, sign);
  switch (node.k) {
    case "pm": {
      const b = at(node.b);
      const signed: Node = node.sign === sign ? b : { k: "neg", a: b };
      return node.a === null ? signed : { k: "add", args: [at(node.a), signed] };
    }
    case "add":
    case "mul":
      return { k: node.k, args: node.args.map(at) };
    case "fn":
      return { ...node, args: node.args.map(at) };
    case "rel":
      return { ...node, args: node.args.map(at) };
    case "div":
    case "pow":
      return { ...node, a: at(node.a), b: at(node.b) };
    case "neg":
    case "root":
    case "qty":
    case "percent":
      return { ...node, a: at(node.a) };
    case "fence":
    case "list":
    case "set":
      return { ...node, items: node.items.map(at) };
    default:
      return node;
  }
}
