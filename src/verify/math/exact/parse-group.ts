/** Brackets with members: tuples, intervals, vectors, sets and sets given by a condition. */
import type { Fence, Node } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseList, parseRelation } from "./parse.ts";
import { Malformed, Unsupported } from "./work.ts";

// ]a, b[ is the open interval in French writing.
const OPEN: Readonly<Record<string, Fence>> = { "(": "(", "[": "[", "]": "(", "⟨": "<", "<": "<" };
const CLOSE: Readonly<Record<string, Fence>> = { ")": "(", "]": "[", "[": "(", "⟩": "<", ">": "<" };

/** (a), (a, b), [a, b), <a, b>: one member in round or square brackets is the member itself. */
export function parseFence(c: Cursor): Node {
  const [bars, conditions] = [c.bars, c.conditions];
  const open = OPEN[c.next().s]!;
  c.bars = 0;
  c.conditions = false;
  const inside = open === "<" ? angled(c) : parseList(c);
  [c.bars, c.conditions] = [bars, conditions];
  const close = CLOSE[c.peek().s];
  if (c.peek().t !== "op" || close === undefined || (open === "<") !== (close === "<")) {
    throw new Malformed("unbalanced brackets");
  }
  c.next();
  const items = inside.k === "list" && (inside.joint === "," || inside.joint === ";") ? inside.items : [inside];
  if (items.length === 1 && open === close && open !== "<") return items[0]!;
  return { k: "fence", open, close, items };
}

/** Members between angle brackets of plain text, where ">" closes. */
function angled(c: Cursor): Node {
  const items = [parseMember(c)];
  while (c.take(",")) items.push(parseMember(c));
  return { k: "list", joint: ",", items };
}

function parseMember(c: Cursor): Node {
  const node = parseRelation(c);
  if (node.k === "rel") throw new Unsupported("relation inside angle brackets");
  return node;
}

/** {1, 2, 3} or {x | x > 3}; `close` is the sign that ends it. */
export function parseSet(c: Cursor, close: "}" | "}}"): Node {
  const [bars, conditions] = [c.bars, c.conditions];
  c.next();
  if (c.take(close)) return { k: "set", items: [] };
  c.bars = 0;
  c.conditions = true;
  const inside = parseList(c);
  c.conditions = false;
  const conditional = c.take("|") || c.take(":");
  const rest = conditional ? parseList(c) : null;
  [c.bars, c.conditions] = [bars, conditions];
  c.expect(close);
  if (rest !== null) return { k: "builder", head: inside, conditions: rest.k === "list" ? rest.items : [rest] };
  return { k: "set", items: inside.k === "list" ? inside.items : [inside] };
}
