/** Compares two trees: finds out what kind of answer each is and hands them to the comparison of that kind. */
import { isScalar, type Node } from "./ast.ts";
import { holdsMatrix } from "./matrices.ts";
import { holdsCalculus } from "./parse-calculus.ts";
import { compareMatrices, compareTuples } from "./compare-tuples.ts";
import { compareIntervals, compareInequalities, isInequality } from "./compare-intervals.ts";
import { distinct, inAnyOrder, inOrder } from "./matching.ts";
import { isSolved, namedValue, sameName } from "./naming.ts";
import { compareQuantities, type Settings } from "./quantities.ts";
import { compareRelations, isEquation } from "./relations.ts";
import { compareScalars, type Verdict } from "./scalar.ts";
import { namedNode } from "./structure.ts";
import { assignedTuple, type Values, valuesOf } from "./values.ts";

const UNDECIDED: Verdict = { equal: null, rule: "undecided" };

/** @throws {TooLarge} beyond the budget; {Malformed} for something undefined; {Unsupported} */
export function compareNodes(gold: Node, answer: Node, settings: Settings): Verdict {
  if (
    isScalar(gold) &&
    isScalar(answer) &&
    !holdsCalculus(answer) &&
    valuesOf(gold) === null &&
    valuesOf(answer) === null
  ) {
    return compareQuantities(gold, answer, settings);
  }
  // What an answer leaves to be worked out is not an answer, unless it was asked for.
  if (holdsCalculus(answer) && !holdsCalculus(gold)) return { equal: false, rule: "form" };
  const [several, others] = [valuesOf(gold), valuesOf(answer)];
  if (isInequality(gold) || isInequality(answer)) return compareInequalities(gold, answer, settings);
  if (isRegion(gold, answer, several) || isRegion(answer, gold, others))
    return compareIntervals(gold, answer, settings);
  if (several !== null || others !== null) return compareSeveral(gold, answer, several, others, settings);
  if (gold.k === "rel" || answer.k === "rel") return compareEquations(gold, answer, settings);
  if (gold.k === "list" || answer.k === "list") return compareSystems(gold, answer, settings);
  if (holdsMatrix(gold) || holdsMatrix(answer)) return compareMatrices(gold, answer, settings);
  if (gold.k === "fence" || answer.k === "fence") return compareTuples(gold, answer, settings);
  if (gold.k === "ratio" || answer.k === "ratio") return compareRatios(gold, answer);
  if (isScalar(gold) && isScalar(answer)) return compareQuantities(gold, answer, settings);
  return namedNode(gold) === namedNode(answer) ? { equal: true, rule: "identical" } : UNDECIDED;
}

/** Interval notation, by its own looks or because the other side is one. */
function isRegion(node: Node, other: Node, values: Values | null): boolean {
  const inner = namedValue(node)?.value ?? node;
  if (inner.k === "known" || (inner.k === "setop" && values === null)) return true;
  if (inner.k === "add" && inner.args[0]!.k === "known") return true;
  if (inner.k !== "fence" || inner.items.length !== 2) return false;
  const across = namedValue(other)?.value ?? other;
  return (
    inner.open !== inner.close ||
    (across.k === "setop" && valuesOf(across) === null) ||
    across.k === "known" ||
    inner.items.some(isInfinite)
  );
}

function isInfinite(node: Node): boolean {
  return (node.k === "const" && node.name === "inf") || (node.k === "neg" && isInfinite(node.a));
}

/** Several values against several, or against one. */
function compareSeveral(gold: Node, answer: Node, g: Values | null, a: Values | null, settings: Settings): Verdict {
  const compare = (x: Node, y: Node): Verdict => compareNodes(x, y, settings);
  if (g !== null && a !== null) {
    if (!sameName(g.name, a.name)) return { equal: false, rule: "name" };
    if (g.style === "list" && a.style === "list") {
      const ordered = settings.orderedLists ? inOrder : inAnyOrder;
      return ordered(g.items, a.items, "list", compare);
    }
    if (settings.strict && g.style !== a.style) return { equal: false, rule: "set" };
    const once = (values: Values): readonly Node[] =>
      values.style === "set" ? distinct(values.items, compare) : values.items;
    return inAnyOrder(once(g), once(a), "set", compare);
  }
  const [values, single, goldIsSeveral] = g === null ? [a!, gold, false] : [g, answer, true];
  const tuple = tupleMembers(single);
  if (tuple !== null) return listAgainstTuple(values, tuple, goldIsSeveral, settings);
  const items = values.style === "set" ? distinct(values.items, compare) : values.items;
  if (items.length !== 1 || settings.strict || single.k === "fence") return { equal: false, rule: values.style };
  const named = namedValue(single);
  if (named !== null && !sameName(named.name, values.name)) return { equal: false, rule: "name" };
  const one = named?.value ?? single;
  return goldIsSeveral ? compare(items[0]!, one) : compare(one, items[0]!);
}

function tupleMembers(node: Node): readonly Node[] | null {
  const inner = namedValue(node)?.value ?? node;
  return inner.k === "fence" ? inner.items : assignedTuple(node);
}

/** A bare list is a tuple without its brackets: the order counts then. A list of one tuple is that tuple. */
function listAgainstTuple(values: Values, tuple: readonly Node[], goldIsSeveral: boolean, settings: Settings): Verdict {
  if (values.style === "set" || settings.strict || values.items.some((item) => item.k === "fence")) {
    return { equal: false, rule: "tuple" };
  }
  const compare = (x: Node, y: Node): Verdict => compareNodes(x, y, settings);
  return goldIsSeveral
    ? inOrder(values.items, tuple, "tuple", compare)
    : inOrder(tuple, values.items, "tuple", compare);
}

/** At least one side is an equation, neither an inequality. */
function compareEquations(gold: Node, answer: Node, settings: Settings): Verdict {
  const [g, a] = [namedValue(gold), namedValue(answer)];
  if (g !== null && a !== null && sameName(g.name, a.name)) {
    const found = compareNodes(g.value, a.value, settings);
    if (found.equal !== false || !isEquation(gold) || !isEquation(answer)) return found;
    return isSolved(g) || isSolved(a) ? found : compareRelations(gold, answer);
  }
  if (isEquation(gold) && isEquation(answer)) {
    if (isSolved(g) && isSolved(a)) return { equal: false, rule: "name" };
    // A solved gold wants a solved answer: the unsolved equation may be the question.
    if (isSolved(g) && settings.form === "asked") return { equal: false, rule: "form" };
    return compareRelations(gold, answer);
  }
  if (settings.strict) return { equal: false, rule: "form" };
  if (g !== null && answer.k !== "rel") return compareNodes(g.value, answer, settings);
  if (a !== null && gold.k !== "rel") {
    const exact = compareNodes(gold, a.value, settings);
    return exact.equal === true || a.rounded === undefined ? exact : compareNodes(gold, a.rounded, settings);
  }
  return { equal: false, rule: "form" };
}

/** Several equations that hold together, in any order; assignments are also the tuple of their values. */
function compareSystems(gold: Node, answer: Node, settings: Settings): Verdict {
  const compare = (x: Node, y: Node): Verdict => compareNodes(x, y, settings);
  if (gold.k === "list" && answer.k === "list") {
    if ((gold.joint === "or") !== (answer.joint === "or")) return { equal: false, rule: "system" };
    return inAnyOrder(gold.items, answer.items, "system", compare);
  }
  const [g, a] = [tupleMembers(gold), tupleMembers(answer)];
  if (g === null || a === null || settings.strict) return { equal: false, rule: "system" };
  return inOrder(g, a, "tuple", compare);
}

/** a : b as the quotient a / b; three and more terms are proportional term by term. */
function compareRatios(gold: Node, answer: Node): Verdict {
  const [g, a] = [ratioParts(gold), ratioParts(answer)];
  if (g.length !== a.length) return { equal: false, rule: "ratio" };
  // Nothing is a multiple of 0: 12:00 and 1:00 are times, or no ratios at all.
  if ([...g, ...a].some(isNought)) return inOrder(g, a, "ratio", compareScalars);
  const results = g.slice(1).map((part, k) => {
    const left: Node = { k: "mul", args: [g[k]!, a[k + 1]!] };
    return compareScalars(left, { k: "mul", args: [a[k]!, part] }).equal;
  });
  if (results.includes(false)) return { equal: false, rule: "ratio" };
  return results.includes(null) ? UNDECIDED : { equal: true, rule: "ratio" };
}

const isNought = (node: Node): boolean => node.k === "num" && node.v.n === 0n;

function ratioParts(node: Node): readonly Node[] {
  if (node.k === "ratio") return node.parts;
  if (!isScalar(node)) return [];
  const one: Node = { k: "num", v: { n: 1n, d: 1n }, places: null };
  return node.k === "div" ? [node.a, node.b] : [node, one];
}
