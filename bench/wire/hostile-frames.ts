/** Frames that no client should send: noise, golden messages with damage, wrong fields, wrong order, bombs of depth and size. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { Packr } from "msgpackr";
import { REQUEST_FIELDS } from "../../protocol/fields.ts";

/** Bytes, or a text frame. */
export type HostileFrame = Uint8Array | string;

/** Largest frame that the server of the fuzz accepts; bombs of size are larger. */
export const MAX_PAYLOAD = 64 * 1024;

const vectors = (name: string): Uint8Array[] => {
  const file = new URL(`../../protocol/vectors/${name}.json`, import.meta.url);
  const list = JSON.parse(readFileSync(file, "utf8")) as readonly { readonly hex: string }[];
  return list.map(({ hex }) => new Uint8Array(Buffer.from(hex, "hex")));
};

const golden = vectors("requests");
const packer = new Packr({ useRecords: false, variableMapSize: true });
const pack = (value: unknown): Uint8Array => new Uint8Array(packer.pack(value));

interface Damage {
  readonly kind: "change" | "cut" | "add" | "double";
  readonly at: number;
  readonly byte: number;
}

const damages = fc.record({
  kind: fc.constantFrom<Damage["kind"]>("change", "cut", "add", "double"),
  at: fc.nat(600),
  byte: fc.nat(255),
});

function damaged(bytes: Uint8Array, { kind, at, byte }: Damage): Uint8Array {
  const place = at % (bytes.length + 1);
  if (kind === "cut") return bytes.slice(0, place);
  if (kind === "double") return Buffer.concat([bytes, bytes.subarray(place)]);
  if (kind === "add") return Buffer.concat([bytes.subarray(0, place), Uint8Array.of(byte), bytes.subarray(place)]);
  const copy = bytes.slice();
  if (place < copy.length) copy[place] = byte;
  return copy;
}

const noise = fc.uint8Array({ maxLength: 200 });
const mutated = fc
  .tuple(fc.constantFrom(...golden), fc.array(damages, { minLength: 1, maxLength: 4 }))
  .map(([bytes, list]) => list.reduce(damaged, bytes));

/** Whatever MessagePack can hold, as the value of a field. */
const values = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 0, 1, 1.5, NaN, Infinity, 2 ** 32, 2 ** 53, "", "CartPole-v1", [], {}),
  fc.integer(),
  fc.string({ maxLength: 20 }),
  fc.uint8Array({ maxLength: 20 }),
  fc.array(fc.oneof(fc.integer(), fc.string(), fc.uint8Array({ maxLength: 8 })), { maxLength: 4 }),
  fc.dictionary(fc.string({ maxLength: 8 }), fc.integer(), { maxKeys: 3 }),
);
const ops = Object.keys(REQUEST_FIELDS) as (keyof typeof REQUEST_FIELDS)[];
const wrongFields = fc.constantFrom(...ops).chain((op) => {
  const fields = Object.fromEntries(Object.keys(REQUEST_FIELDS[op]).map((name) => [name, values]));
  return fc.record({ id: fc.oneof(fc.integer({ min: 2, max: 9 }), values), ...fields }, { requiredKeys: [] }).map((rest) => pack({ op, ...rest })); // prettier-ignore
});

/** Right in form; number, handle or length are not those that are due. */
const outOfOrder = fc
  .record({ id: fc.nat(20), env: fc.nat(3), seq: fc.nat(40), ack: fc.nat(40), bytes: fc.constantFrom(0, 3, 4, 8) })
  .map(({ bytes, ...rest }) => pack({ op: "step", ...rest, actions: [new Uint8Array(bytes)] }));

const nested = fc
  .tuple(fc.constantFrom([0x91], [0x81, 0xa1, 0x78], [0xdc, 0, 1], [0x92, 0xc0]), fc.integer({ min: 30, max: 10_000 }))
  .map(([unit, depth]) => new Uint8Array(unit.length * depth).map((_, i) => unit[i % unit.length] as number));

/** Headers that promise far more than follows. */
const promising = fc
  .tuple(fc.constantFrom(0xc6, 0xc9, 0xdb, 0xdd, 0xdf), fc.constantFrom(0xff, 0x7f, 0x00), fc.nat(255))
  .map(([token, high, low]) => Uint8Array.of(0x81, 0xa1, 0x78, token, high, 0xff, 0xff, low));

const oversized = fc.integer({ min: 1, max: 8 }).map((times) => new Uint8Array(MAX_PAYLOAD * times + 1));
const text = fc.string({ maxLength: 50 });

const frames: fc.Arbitrary<HostileFrame> = fc.oneof(
  { weight: 20, arbitrary: noise },
  { weight: 40, arbitrary: mutated },
  { weight: 40, arbitrary: wrongFields },
  { weight: 20, arbitrary: outOfOrder },
  { weight: 10, arbitrary: nested },
  { weight: 10, arbitrary: promising },
  { weight: 10, arbitrary: fc.constantFrom(...vectors("malformed")) },
  { weight: 1, arbitrary: oversized },
  { weight: 2, arbitrary: text },
);

/** `count` hostile frames, the same for the same seed. */
export const hostileFrames = (count: number, seed: number): HostileFrame[] => fc.sample(frames, { numRuns: count, seed }); // prettier-ignore
