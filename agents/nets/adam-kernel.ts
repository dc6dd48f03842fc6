/** Adam in WebAssembly, two numbers at a time in double precision: the same operations in the same order as the loop of optimizer.ts, and the same numbers bit by bit. */

/** What is the same for all numbers of a step. */
export interface AdamFactors {
  /** Of gradients. */
  readonly scale: number;
  readonly beta1: number;
  readonly beta2: number;
  /** Learning rate over 1 - beta1^t. */
  readonly pace: number;
  /** 1 / (1 - beta2^t). */
  readonly debias: number;
  readonly epsilon: number;
  /** Share of a parameter that decay leaves. */
  readonly kept: number;
}

/** Numbers that are worked on at a time: four arrays of them stay in the cache of a core. */
const BLOCK = 8192;

/** Parameters, gradients and their two moments, one block each. */
const [PARAM, GRADIENT, MEAN, SQUARE] = [0, 4 * BLOCK, 8 * BLOCK, 12 * BLOCK];

type Code = readonly number[];

/** Bytes of a number, seven bits each: most significant last. */
const leb = (value: number): Code => (value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]);
const sized = (items: Code): Code => [...leb(items.length), ...items];
const section = (id: number, ...items: Code): Code => [id, ...sized(items)];
const exported = (name: string, kind: number): Code => [...sized(Array.from(name, (c) => c.charCodeAt(0))), kind, 0];

const simd = (operation: number, ...more: Code): Code => [0xfd, ...leb(operation), ...more];
const get = (local: number): Code => [0x20, ...leb(local)];
const set = (local: number, value: Code): Code => [...value, 0x21, ...leb(local)];
const [I32, F64, V128] = [0x7f, 0x7c, 0x7b];

/** Parameters of the function: the end of what is worked on, in bytes, and the factors, as they are and less than 1. */
const FACTORS = ["scale", "beta1", "rest1", "beta2", "rest2", "pace", "debias", "epsilon", "kept"] as const;
const END = 0;
const AT = FACTORS.length + 1;
/** Behind it the factors once more, in both halves of a vector each, and three vectors to work with. */
const VECTORS = AT + 1;
const [G, M, V] = [VECTORS + FACTORS.length, VECTORS + FACTORS.length + 1, VECTORS + FACTORS.length + 2];
const factor = (name: (typeof FACTORS)[number]): Code => get(VECTORS + FACTORS.indexOf(name));

const add = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xf0)];
const sub = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xf1)];
const mul = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xf2)];
const div = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xf3)];
const sqrt = (a: Code): Code => [...a, ...simd(0xef)];
/** Two float32 of an array, as doubles (v128.load64_zero, f64x2.promote_low_f32x4). */
const load = (from: number): Code => [...get(AT), ...simd(0x5d, 2, ...leb(from)), ...simd(0x5f)];
/** Rounds to float32 (f32x4.demote_f64x2_zero, v128.store64_lane). */
const store = (to: number, value: Code): Code => [...get(AT), ...value, ...simd(0x5e), ...simd(0x5b, 2, ...leb(to), 0)];

const MOVE: Code = [
  ...set(G, mul(factor("scale"), load(GRADIENT))),
  ...set(M, add(mul(factor("beta1"), load(MEAN)), mul(factor("rest1"), get(G)))),
  ...store(MEAN, get(M)),
  ...set(V, add(mul(factor("beta2"), load(SQUARE)), mul(mul(factor("rest2"), get(G)), get(G)))),
  ...store(SQUARE, get(V)),
  ...store(
    PARAM,
    sub(
      mul(factor("kept"), load(PARAM)),
      div(mul(factor("pace"), get(M)), add(sqrt(mul(get(V), factor("debias"))), factor("epsilon"))),
    ),
  ),
];

/** Splats each factor; then a loop over pairs, `at` += 8 until it is the end. */
const BODY: Code = [
  ...[2, 1, I32, FACTORS.length + 3, V128],
  ...FACTORS.flatMap((_, k) => set(VECTORS + k, [...get(1 + k), ...simd(0x14)])),
  ...[0x03, 0x40, ...MOVE],
  ...[...get(AT), 0x41, 8, 0x6a, 0x22, ...leb(AT), ...get(END), 0x49, 0x0d, 0, 0x0b, 0x0b],
];

const BYTES: Code = [
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, 1, 0x60, ...sized([I32, ...FACTORS.map(() => F64)]), 0),
  ...section(3, 1, 0),
  ...section(5, 1, 0, (16 * BLOCK) / 65_536),
  ...section(7, 2, ...exported("adam", 0), ...exported("memory", 2)),
  ...section(10, 1, ...sized(BODY)),
];

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  adam(end: number, ...factors: readonly number[]): void;
}

// Node's types name the namespace without what is in it.
const engine = Reflect.get(globalThis, "WebAssembly") as {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};
const { adam, memory } = new engine.Instance(new engine.Module(Uint8Array.from(BYTES))).exports as Kernel;
const [PARAMS, GRADIENTS, MEANS, SQUARES] = [PARAM, GRADIENT, MEAN, SQUARE].map(
  (from) => new Float32Array(memory.buffer, from, BLOCK),
) as [Float32Array, Float32Array, Float32Array, Float32Array];

/** Moves parameters and moments, in place. All arrays have the same length. */
export function adamBlocks(
  param: Float32Array,
  gradient: Float32Array,
  m: Float32Array,
  v: Float32Array,
  { scale, beta1, beta2, pace, debias, epsilon, kept }: AdamFactors,
): void {
  for (let from = 0; from < param.length; from += BLOCK) {
    const to = Math.min(from + BLOCK, param.length);
    PARAMS.set(param.subarray(from, to));
    GRADIENTS.set(gradient.subarray(from, to));
    MEANS.set(m.subarray(from, to));
    SQUARES.set(v.subarray(from, to));
    adam(4 * (to - from), scale, beta1, 1 - beta1, beta2, 1 - beta2, pace, debias, epsilon, kept);
    param.set(PARAMS.subarray(0, to - from), from);
    m.set(MEANS.subarray(0, to - from), from);
    v.set(SQUARES.subarray(0, to - from), from);
  }
}
