/** LaTeX environments: matrices, determinants, arrays, cases, aligned systems. */
import type { Node } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseList } from "./parse.ts";
import { startsOperand } from "./parse-operand.ts";
import { unexpected } from "./unexpected.ts";
import { Malformed, spend, Unsupported } from "./work.ts";

const MATRICES = /^(?:[pbBvV]?(?:small)?matrix|array)$/;
const SYSTEMS = /^(?:cases|aligned|align|gathered|split|dcases|rcases)$/;
const MOST_CELLS = 256;

/** After \begin: the environment up to its \end. @throws {Malformed} when it does not end */
export function parseMatrix(c: Cursor): Node {
  const style = environmentName(c);
  if (!MATRICES.test(style) && !SYSTEMS.test(style)) throw new Unsupported(`environment ${style}`);
  if (style === "array") skipColumns(c);
  const rows = c.deeper(() => readRows(c));
  c.next();
  if (environmentName(c) !== style) throw new Malformed("environments do not nest");
  if (SYSTEMS.test(style)) return system(rows);
  const [first] = rows;
  if (first === undefined || rows.some((row) => row.length !== first.length)) throw new Unsupported("rows of a matrix");
  return { k: "matrix", style, rows };
}

function environmentName(c: Cursor): string {
  c.expect("{");
  let name = "";
  while (!c.isOp("}")) {
    if (c.atEnd()) throw new Malformed("environment");
    const { s } = c.next();
    if (s !== "*") name += s;
  }
  c.next();
  return name;
}

/** The {c|c} of an array. */
function skipColumns(c: Cursor): void {
  c.expect("{");
  while (!c.take("}")) if (c.next().t === "end") throw new Malformed("array");
}

function readRows(c: Cursor): Node[][] {
  const rows: Node[][] = [];
  let row: Node[] = [];
  for (let cells = 0; !c.isCmd("end");) {
    spend(2);
    if (c.atEnd() || cells > MOST_CELLS) throw new Malformed("environment without end");
    if (c.take("\\\\")) {
      if (row.length > 0) rows.push(row);
      row = [];
    } else if (c.isCmd("hline")) c.next();
    else if (c.take("&") || c.take(",")) continue;
    else if (startsOperand(c)) {
      row.push(parseList(c));
      cells++;
    } else if (!c.take(".")) throw unexpected(c.peek());
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

/** Equations one below the other hold together; with conditions beside them they are pieces, which stay apart. */
function system(rows: readonly (readonly Node[])[]): Node {
  if (rows.some((row) => row.length !== 1)) throw new Unsupported("pieces or aligned columns");
  const items = rows.map((row) => row[0]!);
  return items.length === 1 ? items[0]! : { k: "list", joint: "and", items };
}
