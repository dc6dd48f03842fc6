/** Runs inside the sandbox: keeps the built-ins as they are before the submission can change them. */

/**
 * What the other functions of this folder use of the language. Nothing in them may touch a prototype that a submission can
 * reach: no `for...of`, no spread, no method calls on values, no writes of new keys to objects that have a prototype.
 */
export function primordials() {
  const { ownKeys, getPrototypeOf, getOwnPropertyDescriptor, defineProperty } = Reflect;
  // What a call gives is known where it is written, and only there.
  const apply = Reflect.apply as <R>(run: unknown, self: unknown, args: readonly unknown[]) => R;
  const construct = Reflect.construct as <R>(type: unknown, args: readonly unknown[]) => R;
  const bytes = getPrototypeOf(Uint8Array.prototype)!;
  const ERROR = Error;
  const getter = (of: object, name: PropertyKey) => getOwnPropertyDescriptor(of, name)!.get!;
  return {
    __proto__: null,
    /** An error with a name of its own, whatever has become of Error.prototype. */
    failure(type: string, message: string): Error {
      const error = construct<Error>(ERROR, [message]);
      const descriptor = { __proto__: null, value: type, configurable: true, writable: true, enumerable: false };
      defineProperty(error, "name", descriptor);
      return error;
    },
    apply,
    construct,
    ownKeys,
    getPrototypeOf,
    getOwnPropertyDescriptor,
    defineProperty,
    create: Object.create,
    isArray: Array.isArray,
    parse: JSON.parse,
    stringify: JSON.stringify,
    join: Array.prototype.join,
    slice: String.prototype.slice,
    charCodeAt: String.prototype.charCodeAt,
    fromCharCode: String.fromCharCode,
    toText: Object.prototype.toString,
    isSafeInteger: Number.isSafeInteger,
    isFinite: Number.isFinite,
    is: Object.is,
    String,
    Number,
    TypeError,
    RangeError,
    BigInt,
    Map,
    Set,
    Uint8Array,
    mapAdd: Map.prototype.set,
    setAdd: Set.prototype.add,
    mapEach: Map.prototype.forEach,
    setEach: Set.prototype.forEach,
    mapProto: Map.prototype,
    setProto: Set.prototype,
    objectProto: Object.prototype,
    iteratorProto: getPrototypeOf(getPrototypeOf([].values())!)!,
    viewLength: getter(bytes, "length"),
    viewTag: getter(bytes, Symbol.toStringTag),
  };
}

export type Primordials = ReturnType<typeof primordials>;
