/** Whether what a submission returned is what was expected: on plain data, outside every sandbox. */
import type { Encoded, Pair } from "../encoded.ts";
import { keyOf } from "./keys.ts";
import { numberOf, sameNumber, type Num } from "./numbers.ts";
import type { Rules } from "./rules.ts";
import { shapeOf, type Shape } from "./shapes.ts";

/** Pairs of values that one comparison looks at, at most: elements of sets and unordered lists may have to be tried against each other. */
export const MAX_STEPS = 5_000_000;

/** Where two values differ first, as a path ("[2].name", "" for the whole), or undefined where they are equal.
 *  @throws {RangeError} after `MAX_STEPS` */
export function differs(actual: Encoded, expected: Encoded, rules: Rules): string | undefined {
  return new Comparing(rules).outermost(actual, expected);
}

class Comparing {
  readonly #rules: Rules;
  #steps = 0;

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  outermost(actual: Encoded, expected: Encoded): string | undefined {
    if (!this.#rules.unordered) return this.value(actual, expected, "");
    const [a, b] = [sequence(actual), sequence(expected)];
    if (a === undefined || b === undefined || this.#otherType(a, b)) return this.value(actual, expected, "");
    return this.#anyOrder(a.items, b.items, "");
  }

  value(actual: Encoded, expected: Encoded, path: string): string | undefined {
    if (++this.#steps > MAX_STEPS) throw new RangeError("too many elements to compare");
    const [x, y] = [numberOf(actual), numberOf(expected)];
    if (x !== undefined || y !== undefined) return this.#numbers(actual, expected, x, y) ? undefined : path;
    if (isScalar(actual) || isScalar(expected)) return this.#scalars(actual, expected) ? undefined : path;
    const [a, b] = [shapeOf(actual), shapeOf(expected)];
    if (a.kind !== b.kind || this.#otherType(a, b)) return path;
    return this.#shapes(a, b, path);
  }

  #otherType(a: Shape, b: Shape): boolean {
    return this.#rules.exactTypes && a.exact !== b.exact;
  }

  #numbers(actual: Encoded, expected: Encoded, x: Num | undefined, y: Num | undefined): boolean {
    const { exactTypes, tolerance, nanEqual } = this.#rules;
    if (x !== undefined && y !== undefined) {
      return !(exactTypes && "int" in x !== "int" in y) && sameNumber(x, y, tolerance, nanEqual);
    }
    // A complex number without an imaginary part is the real one.
    const other = x === undefined ? actual : expected;
    if (exactTypes || isScalar(other)) return false;
    const shape = shapeOf(other);
    if (shape.kind !== "complex") return false;
    const [re, im] = shape.items.map((part) => numberOf(part)!);
    return sameNumber(re!, (x ?? y)!, tolerance, nanEqual) && sameNumber(im!, { int: 0n }, tolerance, false);
  }

  #scalars(actual: Encoded, expected: Encoded): boolean {
    if (actual === expected) return true;
    // JSON has no undefined: a function that returns nothing returns its null.
    return !this.#rules.exactTypes && isNothing(actual) && isNothing(expected);
  }

  #shapes(a: Shape, b: Shape, path: string): string | undefined {
    if (a.kind === "map" && b.kind === "map") return this.#maps(a.pairs, b.pairs, path);
    if (a.kind === "set" && b.kind === "set") return this.#anyOrder(a.items, b.items, path);
    if ("items" in a && "items" in b) return this.#inOrder(a.items, b.items, path);
    if (a.kind === "bytes" && b.kind === "bytes") return a.text === b.text ? undefined : path;
    return a.kind === "nothing" ? undefined : path;
  }

  #inOrder(actual: readonly Encoded[], expected: readonly Encoded[], path: string): string | undefined {
    if (actual.length !== expected.length) return `${path}.length`;
    for (const [i, item] of actual.entries()) {
      const at = this.value(item, expected[i]!, `${path}[${i}]`);
      if (at !== undefined) return at;
    }
    return undefined;
  }

  /** Keys are equal by value, without tolerance: they must be findable. A key that comes twice is no dictionary's. */
  #maps(actual: readonly Pair[], expected: readonly Pair[], path: string): string | undefined {
    if (actual.length !== expected.length) return `${path}.size`;
    const wanted = new Map(expected.map(([key, value]) => [keyOf(key, this.#rules), value]));
    for (const [key, value] of actual) {
      const name = keyOf(key, this.#rules);
      const other = name === undefined ? undefined : wanted.get(name);
      if (other === undefined) return `${path}{keys}`;
      wanted.delete(name);
      const at = this.value(value, other, `${path}[${name!.slice(0, 40)}]`);
      if (at !== undefined) return at;
    }
    return undefined;
  }

  /** Matches what is the same by value first; only the rest, floats that are nearly the same, is tried pair by pair. */
  #anyOrder(actual: readonly Encoded[], expected: readonly Encoded[], path: string): string | undefined {
    if (actual.length !== expected.length) return `${path}.length`;
    const [left, right] = this.#unmatched(actual, expected);
    // Both are in the order of their numbers, so most find their like at the first that is not yet taken.
    const taken = new Uint8Array(right.length);
    let first = 0;
    for (const item of left) {
      let at = first;
      while (at < right.length && (taken[at] === 1 || this.value(item, right[at]!, path) !== undefined)) at++;
      if (at === right.length) return `${path}{elements}`;
      taken[at] = 1;
      while (taken[first] === 1) first++;
    }
    return undefined;
  }

  #unmatched(actual: readonly Encoded[], expected: readonly Encoded[]): [Encoded[], Encoded[]] {
    const byKey = new Map<string, Encoded[]>();
    const right: Encoded[] = [];
    for (const item of expected) {
      const key = keyOf(item, this.#rules);
      if (key === undefined) right.push(item);
      else if (byKey.has(key)) byKey.get(key)!.push(item);
      else byKey.set(key, [item]);
    }
    const left = actual.filter((item) => {
      const key = keyOf(item, this.#rules);
      return key === undefined || byKey.get(key)?.pop() === undefined;
    });
    for (const rest of byKey.values()) right.push(...rest);
    return [left.sort(byNumber), right.sort(byNumber)];
  }
}

/** Numbers in their order, so that the nearest is tried first; the rest stays as it is. */
function byNumber(a: Encoded, b: Encoded): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x === undefined || y === undefined) return 0;
  const [p, q] = ["int" in x ? Number(x.int) : x.float, "int" in y ? Number(y.int) : y.float];
  return p < q ? -1 : p > q ? 1 : 0;
}

function sequence(value: Encoded): (Shape & { kind: "list" | "set" }) | undefined {
  if (isScalar(value)) return undefined;
  const shape = shapeOf(value);
  return shape.kind === "list" || shape.kind === "set" ? { ...shape, kind: shape.kind } : undefined;
}

function isScalar(value: Encoded): value is null | boolean | string {
  return value === null || typeof value === "boolean" || typeof value === "string";
}

function isNothing(value: Encoded): boolean {
  return value === null || (typeof value === "object" && !Array.isArray(value) && "u" in value);
}
