/** Compares two answers with the engine. Runs inside of a worker; may hang, may run out of memory: whoever called it counts on neither. */
import type { ComputeEngine } from "@cortex-js/compute-engine";
import { headOf, operandsOf, textGuard, treeGuard, type Tree } from "./guards.ts";
import { CONTAINERS, EQUATION } from "./heads.ts";
import { engineLatex, hasWords } from "./latex.ts";
import { compareValues, probe, type Finding } from "./sample.ts";

export interface Judgement {
  /** Equal, different, or neither could be shown. */
  readonly equal: boolean | null;
  readonly rule: string;
  readonly trouble?: "bad-gold" | "unparseable" | "too-large";
}

/** @param atAnswer called when the gold was read and the answer's turn begins: who fails later fails on the answer */
export function judge(ce: ComputeEngine, gold: string, answer: string, atAnswer: () => void): Judgement {
  const left = read(ce, gold);
  if (typeof left === "string") return { equal: null, rule: "engine-guard", trouble: "bad-gold" };
  if (left === undefined) return { equal: null, rule: "engine-parse", trouble: "bad-gold" };
  probe(ce, left.tree);
  atAnswer();
  const right = read(ce, answer);
  if (typeof right === "string") return { equal: null, rule: "engine-guard", trouble: "too-large" };
  if (right === undefined) return { equal: null, rule: "engine-parse", trouble: "unparseable" };
  const [a, b] = unnamed(left.tree, right.tree);
  const finding = compare(ce, a, b);
  if (finding === "same") return { equal: true, rule: "engine-sampling" };
  return finding === "different"
    ? { equal: false, rule: "engine-sampling" }
    : { equal: null, rule: "engine-undecided" };
}

/** A parsed side, the reason why it is not computed, or undefined where it is no formula. */
function read(ce: ComputeEngine, text: string): { readonly tree: Tree } | string | undefined {
  const reason = textGuard(text);
  if (reason !== undefined) return reason;
  // What one side says of a name (that it is a function, a set) must not change how the other is read, nor the next job.
  ce.pushScope();
  try {
    const latex = engineLatex(text);
    if (hasWords(latex)) return undefined;
    // Canonical forms are computed while they are made, so the raw form is judged first.
    const raw = ce.parse(latex, { form: "raw" });
    if (!raw.isValid) return undefined;
    const tooMuch = treeGuard(raw.json as Tree);
    if (tooMuch !== undefined) return tooMuch;
    const canonical = ce.parse(latex);
    if (!canonical.isValid) return undefined;
    const tree = canonical.json as Tree;
    return treeGuard(tree) ?? { tree };
  } finally {
    ce.popScope();
  }
}

/** `f(x) = A` against `B` is A against B. */
function unnamed(a: Tree, b: Tree): readonly [Tree, Tree] {
  if (headOf(a) === EQUATION && headOf(b) !== EQUATION) return [valueIn(a) ?? a, b];
  if (headOf(b) === EQUATION && headOf(a) !== EQUATION) return [a, valueIn(b) ?? b];
  return [a, b];
}

function valueIn(equation: Tree): Tree | undefined {
  const [name, value, ...more] = operandsOf(equation);
  const isName = typeof name === "string" || (name !== undefined && /^[a-zA-Z]$/.test(headOf(name)));
  return isName && more.length === 0 ? value : undefined;
}

/** Which brackets a matrix is written in comes as an operand in quotes; bars make it a determinant. */
const isNoStyle = (operand: Tree): boolean =>
  !(typeof operand === "string" && operand.startsWith("'") && !operand.includes("|"));

function compare(ce: ComputeEngine, a: Tree, b: Tree): Finding {
  const text = JSON.stringify(a);
  // 1/0 and 2/0 look the same and are nothing.
  if (text === JSON.stringify(b)) return /"(?:NaN|Undefined|ComplexInfinity)"/.test(text) ? "unknown" : "same";
  const head = headOf(a);
  if (head !== headOf(b) || !(CONTAINERS.has(head) || head === EQUATION)) {
    return CONTAINERS.has(head) !== CONTAINERS.has(headOf(b)) ? "different" : compareValues(ce, a, b);
  }
  const left = operandsOf(a).filter(isNoStyle);
  const right = operandsOf(b).filter(isNoStyle);
  if (left.length !== right.length) return "different";
  const found = left.map((item, i) => compare(ce, item, right[i] ?? ""));
  if (found.every((one) => one === "same")) return "same";
  // An equation with other sides may still have the same solutions.
  return head !== EQUATION && found.includes("different") ? "different" : "unknown";
}
