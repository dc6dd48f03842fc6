/** How values cross the wall of a box: JSON, with a one-key object for each type that JSON does not have. */

/**
 * null, booleans and strings are themselves. A JSON number is an int when it is integral and a float otherwise.
 *
 * | tag | stands for |
 * |---|---|
 * | `{f: 2}`, `{f: "inf"}` | a float whose JSON form would read as an int, or that JSON lacks: "inf", "-inf", "nan", "-0" |
 * | `{i: "-123"}` | an integer beyond 2^53-1 in size (Python), any BigInt (JavaScript) |
 * | `[...]` | list, Array |
 * | `{t: [...]}` | tuple |
 * | `{s: [...]}`, `{z: [...]}` | set (Set), frozenset |
 * | `{d: [[key, value], ...]}` | dict, object |
 * | `{m: [[key, value], ...]}` | Map |
 * | `{b: "..."}` | bytes, Uint8Array, as base64 |
 * | `{c: [re, im]}` | complex |
 * | `{it: [...]}` | an iterator or generator, drained |
 * | `{u: 0}` | undefined |
 * | `{h: 3, n: "Node"}` | an object that stays in its box: its number there and the name of its type |
 * | `{o: "module"}` | a value that cannot cross, by the name of its type; equal to nothing |
 */
export type Encoded =
  | null
  | boolean
  | number
  | string
  | readonly Encoded[]
  | { readonly f: number | "inf" | "-inf" | "nan" | "-0" }
  | { readonly i: string }
  | { readonly t: readonly Encoded[] }
  | { readonly s: readonly Encoded[] }
  | { readonly z: readonly Encoded[] }
  | { readonly d: readonly Pair[] }
  | { readonly m: readonly Pair[] }
  | { readonly b: string }
  | { readonly c: readonly [Encoded, Encoded] }
  | { readonly it: readonly Encoded[] }
  | { readonly u: 0 }
  | { readonly h: number; readonly n: string }
  | { readonly o: string };

export type Pair = readonly [key: Encoded, value: Encoded];

/** How deep values may nest, in either direction. */
export const MAX_DEPTH = 100;
