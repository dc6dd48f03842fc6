/** Runs inside the sandbox: writes a value as the JSON of encoded.ts, reading each property once and trusting no built-in. */
import type { Primordials } from "./primordials.ts";

/** @returns a function that writes a value as text; it throws a ResultError for what cannot be written */
export function encoder(P: Primordials, maxDepth: number) {
  const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const refuse = (message: string): Error => P.failure("ResultError", message);
  let parts: Record<number | "length", unknown>;
  let count = 0;
  let room = 0;

  const put = (text: string): void => {
    room -= text.length;
    // What cannot cross is the submission's own doing; the words reach its test result.
    if (room < 0) throw refuse("the result is larger than resultBytes");
    parts[count++] = text;
  };

  const name = (value: object): string => {
    // "[object Date]" without its frame; a symbol property or a getter may lie here, which only renames the value.
    const text = P.apply<string>(P.toText, value, []);
    return P.apply<string>(P.slice, text, [8, text.length - 1 < 200 ? -1 : 200]);
  };

  const opaque = (what: string): void => {
    put('{"o":');
    put(P.stringify(what));
    put("}");
  };

  const number = (value: number): void => {
    if (P.isSafeInteger(value) && !P.is(value, -0)) put(`${value}`);
    else if (!P.isFinite(value)) put(value !== value ? '{"f":"nan"}' : value > 0 ? '{"f":"inf"}' : '{"f":"-inf"}');
    else if (value === 0) put('{"f":"-0"}');
    else if (value % 1 === 0) put(`{"f":${value}}`);
    else put(`${value}`);
  };

  const bigint = (value: bigint): void => {
    // Its digits are written without a chance to interrupt, so they are bounded first.
    if (value > LARGEST || value < -LARGEST) throw refuse("an integer of more than 20,000 digits");
    put(`{"i":"${value}"}`);
  };
  const LARGEST = P.BigInt(10) ** P.BigInt(20_000) - P.BigInt(1);

  const base64 = (view: Uint8Array): void => {
    const length = P.apply<number>(P.viewLength, view, []);
    put('{"b":"');
    for (let i = 0; i < length; i += 3) {
      const a = view[i]!;
      const b = i + 1 < length ? view[i + 1]! : 0;
      const c = i + 2 < length ? view[i + 2]! : 0;
      put(
        BASE64[a >> 2]! +
          BASE64[((a & 3) << 4) | (b >> 4)]! +
          (i + 1 < length ? BASE64[((b & 15) << 2) | (c >> 6)]! : "=") +
          (i + 2 < length ? BASE64[c & 63]! : "="),
      );
    }
    put('"}');
  };

  const list = (items: ArrayLike<unknown>, length: number, depth: number): void => {
    put("[");
    for (let i = 0; i < length; i++) {
      if (i > 0) put(",");
      write(items[i], depth + 1);
    }
    put("]");
  };

  const collection = (value: object, each: unknown, tag: string, depth: number): void => {
    let first = true;
    put(`{"${tag}":[`);
    P.apply(each, value, [
      (item: unknown, key: unknown) => {
        if (!first) put(",");
        first = false;
        if (tag === "s") return write(item, depth + 1);
        put("[");
        write(key, depth + 1);
        put(",");
        write(item, depth + 1);
        put("]");
      },
    ]);
    put("]}");
  };

  const record = (value: object, depth: number): void => {
    const keys = P.ownKeys(value);
    let first = true;
    put('{"d":[');
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      if (typeof key !== "string" || P.getOwnPropertyDescriptor(value, key)?.enumerable !== true) continue;
      put(first ? "[" : ",[");
      first = false;
      put(P.stringify(key));
      put(",");
      write((value as Record<string, unknown>)[key], depth + 1);
      put("]");
    }
    put("]}");
  };

  const iterator = (value: Iterator<unknown>, depth: number): void => {
    put('{"it":[');
    for (let i = 0; ; i++) {
      const step = value.next();
      if (step.done === true) break;
      if (i > 0) put(",");
      write(step.value, depth + 1);
    }
    put("]}");
  };

  /** Whether `proto` stands in the prototype chain; at most 100 links, since a proxy may answer for ever. */
  const inherits = (value: object, proto: object): boolean => {
    let at = P.getPrototypeOf(value);
    for (let i = 0; at !== null && i < 100; i++) {
      if (at === proto) return true;
      at = P.getPrototypeOf(at);
    }
    return false;
  };

  const object = (value: object, depth: number): void => {
    if (P.isArray(value)) return list(value, (value as unknown[]).length, depth);
    const view = P.apply<string | undefined>(P.viewTag, value, []);
    if (view === "Uint8Array") return base64(value as Uint8Array);
    if (view !== undefined) return list(value as ArrayLike<unknown>, P.apply<number>(P.viewLength, value, []), depth);
    const proto = P.getPrototypeOf(value);
    if (proto === null || proto === P.objectProto) return record(value, depth);
    if (inherits(value, P.mapProto)) return collection(value, P.mapEach, "m", depth);
    if (inherits(value, P.setProto)) return collection(value, P.setEach, "s", depth);
    if (inherits(value, P.iteratorProto)) return iterator(value as Iterator<unknown>, depth);
    const kind = name(value);
    return kind === "Object" ? record(value, depth) : opaque(kind);
  };

  const write = (value: unknown, depth: number): void => {
    if (depth > maxDepth) throw refuse(`the result is nested more than ${maxDepth} levels deep, or holds itself`);
    switch (typeof value) {
      case "string":
        // Longer than its room for certain, so it is not copied first.
        if (value.length > room) throw refuse("the result is larger than resultBytes");
        return put(P.stringify(value));
      case "number":
        return number(value);
      case "boolean":
        return put(value ? "true" : "false");
      case "bigint":
        return bigint(value);
      case "undefined":
        return put('{"u":0}');
      case "object":
        return value === null ? put("null") : object(value, depth);
      default:
        return opaque(typeof value);
    }
  };

  return (value: unknown, maxLength: number): string => {
    parts = P.create(null) as typeof parts;
    count = 0;
    room = maxLength;
    write(value, 0);
    parts.length = count;
    return P.apply<string>(P.join, parts, [""]);
  };
}
