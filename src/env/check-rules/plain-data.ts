/** Tells why a value is no plain data: something that a structured clone would refuse or would give back as something else. */

const PLAIN = new Set<unknown>([
  Object.prototype,
  Array.prototype,
  Map.prototype,
  Set.prototype,
  Date.prototype,
  ArrayBuffer.prototype,
  DataView.prototype,
  ...[Float32Array, Float64Array, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array].map(
    (a) => a.prototype,
  ),
  ...[Int32Array, Uint32Array, BigInt64Array, BigUint64Array].map((a) => a.prototype),
  null,
]);

/** `path: what it is`, or undefined for plain data. Cycles are allowed: a structured clone keeps them. */
export function whyNotPlain(value: unknown, path = "state", seen = new Set<object>()): string | undefined {
  if (typeof value === "function" || typeof value === "symbol") return `${path} is a ${typeof value}`;
  if (typeof value !== "object" || value === null || seen.has(value)) return undefined;
  seen.add(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!PLAIN.has(prototype)) return `${path} is an instance of ${className(prototype)}`;
  if (ArrayBuffer.isView(value)) return undefined;
  for (const [name, part] of partsOf(value)) {
    const why = whyNotPlain(part, `${path}${name}`, seen);
    if (why !== undefined) return why;
  }
  return undefined;
}

function className(prototype: unknown): string {
  const { constructor } = prototype as { readonly constructor?: unknown };
  return typeof constructor === "function" && constructor.name !== "" ? `class ${constructor.name}` : "a class";
}

function* partsOf(value: object): Generator<readonly [name: string, part: unknown]> {
  if (value instanceof Map)
    for (const [key, item] of value) yield* [[" (key)", key] as const, [" (value)", item] as const];
  if (value instanceof Set) for (const item of value) yield [" (item)", item];
  for (const name of Reflect.ownKeys(value)) {
    if (typeof name === "symbol") yield [`[${String(name)}]`, name];
    else if (name === "length" && Array.isArray(value)) continue;
    else yield [Array.isArray(value) ? `[${name}]` : `.${name}`, partOf(value, name)];
  }
}

/** A getter would be called once by a clone and stay a value: it counts as the function that it is. */
function partOf(value: object, name: string): unknown {
  const field = Object.getOwnPropertyDescriptor(value, name);
  return field !== undefined && "value" in field ? (field.value as unknown) : () => undefined;
}
