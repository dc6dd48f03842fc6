/** The generators of the field in which expressions are compared: variables, pi, i, roots, exponentials, logarithms. */
import type { Poly } from "./poly.ts";

/**
 * One generator. `free` atoms have no relation with others and may stand in a denominator:
 * - var: a variable or an opaque name; pi: the constant
 * - exp: exp(monomial), raised to rational powers; log: ln of a prime, of pi or of a polynomial
 * - fn: any other function of its arguments, e.g. arcsin(x)
 * The others are reduced by their relation as soon as they are multiplied (see reduce.ts):
 * - i: i * i = -1; base: a whole number > 1 to a power in [0, 1); unity: exp(i pi c), c in [0, 1)
 * - root: a polynomial to a power in [0, 1); abs: |P| with |P| * |P| = P * P
 */
export interface Atom {
  readonly kind: "var" | "pi" | "exp" | "log" | "fn" | "i" | "base" | "unity" | "root" | "abs";
  readonly id: number;
  readonly name: string;
  /** base: the number. */
  readonly base?: bigint;
  /** root, abs, log: what it is taken of. */
  readonly of?: Poly;
  /** exp: the monomial in the exponent. */
  readonly exponent?: Mono;
  /** Whether it is known to be a positive real number wherever the expression is defined over the reals. */
  readonly positive: boolean;
}

/** A product of powers: [atom id, numerator, denominator] triples in one flat list, sorted by id; powers never 0. */
export type Mono = readonly number[];

/** Ids given ahead, the same in every decision. */
export const PI_ID = 0;
export const I_ID = 1;
export const UNITY_ID = 2;
export const E_ID = 3;

const CONSTANTS: readonly Atom[] = [
  { kind: "pi", id: PI_ID, name: "pi", positive: true },
  { kind: "i", id: I_ID, name: "i", positive: false },
  { kind: "unity", id: UNITY_ID, name: "unity", positive: false },
  { kind: "exp", id: E_ID, name: "exp()", exponent: [], positive: true },
];

// As with the work meter: decisions are synchronous and never nest.
let atoms: Atom[] = [...CONSTANTS];
let ids = new Map<string, number>(CONSTANTS.map((atom) => [atom.name, atom.id]));

/** Forgets the atoms of the last decision. */
export function freshAtoms(): void {
  if (atoms.length === CONSTANTS.length) return;
  atoms = [...CONSTANTS];
  ids = new Map(CONSTANTS.map((atom) => [atom.name, atom.id]));
}

export function atomOf(id: number): Atom {
  return atoms[id]!;
}

/** The id of the atom with this name, made at its first use. */
export function atomId(name: string, make: () => Omit<Atom, "id" | "name">): number {
  const known = ids.get(name);
  if (known !== undefined) return known;
  const id = atoms.length;
  atoms.push({ ...make(), id, name });
  ids.set(name, id);
  return id;
}
