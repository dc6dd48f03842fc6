/** Compares interval notation and inequalities, under the rule that what was asked for in one form is given in it. */
import { type Node, variablesOf } from "./ast.ts";
import { inAnyOrder } from "./matching.ts";
import { namedValue } from "./naming.ts";
import type { Settings } from "./quantities.ts";
import { regionOf, type Solved, solvedInequality } from "./region-of.ts";
import { equalRegions, intersectionOf, REALS, type Region } from "./regions.ts";
import { compareRelations } from "./relations.ts";
import { type Verdict } from "./scalar.ts";
import { solveLinear } from "./linear.ts";
import { namedNode } from "./structure.ts";
import { Unsupported } from "./work.ts";

const ORDER = new Set(["<", ">", "<=", ">=", "!="]);

export function isInequality(node: Node): boolean {
  if (node.k === "rel") return node.ops.some((op) => ORDER.has(op));
  if (node.k === "builder") return true;
  if (node.k === "list") return node.items.some(isInequality);
  return node.k === "setop" && (isInequality(node.a) || isInequality(node.b));
}

/** Both sides as regions, one of them in interval notation. */
export function compareIntervals(gold: Node, answer: Node, settings: Settings): Verdict {
  const [g, a] = [namedValue(gold), namedValue(answer)];
  if (g !== null && a !== null && g.name !== a.name) return { equal: false, rule: "name" };
  if (settings.strict && (g === null) !== (a === null)) return { equal: false, rule: "form" };
  return regions(regionIn(g?.value ?? gold), regionIn(a?.value ?? answer), gold, answer);
}

function regionIn(node: Node): Region | null {
  try {
    return regionOf(node);
  } catch (error) {
    if (error instanceof Unsupported) return null;
    throw error;
  }
}

function regions(g: Region | null, a: Region | null, gold: Node, answer: Node): Verdict {
  if (g === null && a === null) {
    return namedNode(gold) === namedNode(answer)
      ? { equal: true, rule: "identical" }
      : { equal: null, rule: "undecided" };
  }
  // A number, a text or a tuple is no set of numbers.
  if (g === null || a === null) return notRegion(g === null ? gold : answer);
  const equal = equalRegions(g, a);
  return { equal, rule: equal === null ? "undecided" : "interval" };
}

function notRegion(node: Node): Verdict {
  const other = node.k === "setop" || node.k === "known" || variablesOf(node).size > 0;
  return other ? { equal: null, rule: "undecided" } : { equal: false, rule: "interval" };
}

/** At least one side is an inequality. */
export function compareInequalities(gold: Node, answer: Node, settings: Settings): Verdict {
  const [g, a] = [solved(gold), solved(answer)];
  if (!isInequality(gold)) {
    // The inequality may be the question copied, so interval notation wants interval notation.
    if (settings.form === "asked" || a === null) return { equal: false, rule: "form" };
    return regions(regionIn(namedValue(gold)?.value ?? gold), a.region, gold, answer);
  }
  if (!isInequality(answer)) {
    if (g === null || settings.strict) return { equal: false, rule: "form" };
    const named = namedValue(answer);
    if (named !== null && named.name !== g.variable) return { equal: false, rule: "name" };
    return regions(g.region, regionIn(named?.value ?? answer), gold, answer);
  }
  return bothInequalities(gold, answer, g, a, settings);
}

function bothInequalities(gold: Node, answer: Node, g: Solved | null, a: Solved | null, settings: Settings): Verdict {
  if (g !== null && a !== null) return sameSolution(g, a);
  if (g !== null && settings.form === "asked") return { equal: false, rule: "form" };
  const [p, q] = [g ?? solveLinear(gold), a ?? solveLinear(answer)];
  if (p !== null && q !== null) return sameSolution(p, q);
  if (gold.k === "rel" && answer.k === "rel") return compareRelations(gold, answer);
  if (gold.k !== "list" || answer.k !== "list" || (gold.joint === "or") !== (answer.joint === "or")) {
    return { equal: null, rule: "undecided" };
  }
  return inAnyOrder(gold.items, answer.items, "inequality", (x, y) => compareInequalities(x, y, settings));
}

function sameSolution(g: Solved, a: Solved): Verdict {
  if (g.variable !== a.variable) return { equal: false, rule: "name" };
  const equal = equalRegions(intersectionOf(g.region, REALS), intersectionOf(a.region, REALS));
  return { equal, rule: equal === null ? "undecided" : "inequality" };
}

function solved(node: Node): Solved | null {
  try {
    return solvedInequality(node);
  } catch (error) {
    if (error instanceof Unsupported) return null;
    throw error;
  }
}
