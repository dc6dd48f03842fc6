/** Answers with several values: lists, sets, both signs of a plus-minus, one variable solved several times. */
import { isScalar, type Node } from "./ast.ts";
import { namedValue, sameName } from "./naming.ts";
import { bothSigns } from "./plus-minus.ts";

export interface Values {
  readonly items: readonly Node[];
  /** "list": as many as are written; "set": in braces or joined by "or", where repetitions do not count. */
  readonly style: "list" | "set";
  /** The variable that they solve, or "". */
  readonly name: string;
}

/** The values of a node that has several, or is a set; null for a single answer. */
export function valuesOf(node: Node): Values | null {
  switch (node.k) {
    case "set":
      return { items: node.items.flatMap(bothSigns), style: "set", name: "" };
    case "list":
      return listValues(node.items, node.joint);
    case "setop":
      return unionOfSets(node);
    case "rel": {
      const named = namedValue(node);
      const inner = named === null ? null : valuesOf(named.value);
      return inner === null ? null : { ...inner, name: named!.name };
    }
    default:
      return severalFences(node) ?? withBothSigns(node);
  }
}

function withBothSigns(node: Node): Values | null {
  const both = bothSigns(node);
  return both.length === 1 ? null : { items: both, style: "list", name: "" };
}

/** (1, 2)(3, 4): pairs side by side read as a product. */
function severalFences(node: Node): Values | null {
  if (node.k !== "mul" || !node.args.every((arg) => arg.k === "fence")) return null;
  return { items: node.args, style: "list", name: "" };
}

function unionOfSets(node: Node & { readonly k: "setop" }): Values | null {
  if (node.op !== "cup") return null;
  const [a, b] = [valuesOf(node.a), valuesOf(node.b)];
  if (a?.style !== "set" || b?.style !== "set") return null;
  return { items: [...a.items, ...b.items], style: "set", name: "" };
}

/** "x = 1 or x = 2", "x = 1, 2" and "1, 2" all list values; assignments of several variables do not. */
function listValues(items: readonly Node[], joint: string): Values | null {
  let name = "";
  const values: Node[] = [];
  for (const [k, item] of items.entries()) {
    const named = namedValue(item);
    if (named !== null) {
      if (k > 0 && !(name !== "" && sameName(name, named.name))) return null;
      name = named.name;
      const inner = valuesOf(named.value);
      values.push(...(inner?.items ?? [named.value]));
    } else if (item.k === "rel") return null;
    else values.push(...bothSigns(item));
  }
  // "1/2 or 0.5" is one value in two writings.
  return { items: values, style: joint === "or" ? "set" : "list", name };
}

/** x = 1, y = 2 in alphabetical order of the variables, as the tuple (1, 2); null for any other node. */
export function assignedTuple(node: Node): readonly Node[] | null {
  if (node.k !== "list" || node.joint === "or") return null;
  const all = node.items.map(namedValue);
  if (all.length < 2 || all.some((named) => named === null || !/^[A-Za-z]/.test(named.name) || !isScalar(named.value)))
    return null;
  const sorted = all.map((named) => named!).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (sorted.some((named, k) => k > 0 && named.name === sorted[k - 1]!.name)) return null;
  return sorted.map(({ value }) => value);
}
