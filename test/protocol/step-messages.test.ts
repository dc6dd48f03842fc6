/** The hot messages take a short way to bytes and back: it says exactly what the general way says, or nothing. */
import fc from "fast-check";
import { Packr } from "msgpackr";
import { describe, expect, it } from "vitest";

import { decodeReply, decodeRequest, encodeReply, encodeRequest, REPLY_LIMITS } from "../../protocol/codec.ts";
import type { Reply, Request } from "../../protocol/messages.ts";
import { readStepReply, readStepRequest } from "../../protocol/step-reader.ts";
import { writeStepReply, writeStepRequest } from "../../protocol/step-writer.ts";

const uints = fc.oneof(fc.nat(300), fc.nat(70_000), fc.constantFrom(0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000, 2 ** 32 - 1)); // prettier-ignore
const positives = uints.map((value) => Math.max(1, value));
const bytes = fc.uint8Array({ maxLength: 40 });
const words = fc.array(fc.nat(9), { maxLength: 3 }).map((rows) => new Uint8Array(Uint32Array.from(rows).buffer));
const columns = fc.array(bytes, { maxLength: 3 });
const given = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const present = (fields: object): object => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)); // prettier-ignore

const head = { op: fc.constant("step" as const), id: positives, env: positives };
const requests = fc
  .record({ ...head, seq: positives, ack: uints, actions: columns, index: given(words) })
  .map((fields) => present(fields) as Request<"step">);
const replies = fc
  .record({
    ...head,
    seq: uints,
    index: given(words),
    status: bytes,
    observations: columns,
    mask: given(bytes),
    rewards: bytes,
    terminated: bytes,
    truncated: bytes,
    final: given(fc.record({ index: words, observations: columns, mask: given(bytes) }).map(present)),
    episode: given(fc.record({ index: words, return: bytes, length: bytes })),
    seeds: given(fc.record({ index: words, episode: bytes, seed: bytes })),
    timing: fc.record({ queue: uints, env: uints, encode: uints }),
  })
  .map((fields) => present(fields) as Reply<"step">);

/** Bytes with one place changed, cut off, or something added. */
const damage = fc.record({ at: fc.nat(400), byte: fc.nat(255), kind: fc.constantFrom("change", "cut", "add", "none") });
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function damaged(whole: Uint8Array, { at, byte, kind }: Damage): Uint8Array {
  const place = at % (whole.length + 1);
  if (kind === "cut") return whole.slice(0, place);
  if (kind === "add") return Buffer.concat([whole.subarray(0, place), Uint8Array.of(byte), whole.subarray(place)]);
  const copy = whole.slice();
  if (kind === "change" && place < copy.length) copy[place] = byte;
  return copy;
}

const packer = new Packr({ useRecords: false, variableMapSize: true });
const packed = (message: object): Uint8Array => new Uint8Array(packer.pack(message));
/** Limits of one's own are the general way's alone. */
const generally = (data: Uint8Array): Reply => decodeReply(data, { ...REPLY_LIMITS });

describe("the short way of step messages", () => {
  it("writes what MessagePack makes of the message, and takes it for requests and replies of every shape", () => {
    fc.assert(
      fc.property(requests, replies, (request, reply) => {
        expect(writeStepRequest(request)).toEqual(packed(request));
        expect(writeStepReply(reply)).toEqual(packed(reply));
      }),
    );
  });

  it.each([31, 32, 33, 255, 256, 2_047, 65_535, 65_536, 70_000])("writes and reads columns of %i bytes", (length) => {
    const column = new Uint8Array(length).fill(7);
    const request: Request<"step"> = { op: "step", id: 1, env: 1, seq: 1, ack: 0, actions: [column, column] };
    const written = writeStepRequest(request);
    expect(Buffer.compare(written ?? new Uint8Array(0), packed(request))).toBe(0);
    expect(readStepRequest(packed(request))?.actions.map((each) => Buffer.compare(each, column))).toEqual([0, 0]);
  });

  it("reads its own bytes as the general way does", () => {
    fc.assert(
      fc.property(requests, replies, (request, reply) => {
        expect(readStepRequest(encodeRequest(request))).toEqual(request);
        expect(readStepReply(encodeReply(reply))).toEqual(generally(encodeReply(reply)));
      }),
    );
  });

  it("reads nothing from damaged bytes that the general way would refuse or read otherwise", () => {
    fc.assert(
      fc.property(requests, replies, damage, (request, reply, how) => {
        const asked = damaged(encodeRequest(request), how);
        const short = readStepRequest(asked);
        if (short !== undefined) expect(decodeRequest(asked, {})).toEqual({ id: short.id, request: short });
        const answered = damaged(encodeReply(reply), how);
        const answer = readStepReply(answered);
        if (answer !== undefined) expect(generally(answered)).toEqual(answer);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ["an id beyond 32 bits", { id: 2 ** 40 }],
    ["extras", { extras: { logProb: { dtype: "float32", data: new Uint8Array(4) } } }],
    ["16 columns", { actions: Array.from({ length: 16 }, () => new Uint8Array(4)) }],
  ] as const)("leaves a request with %s to the general way, which sends it all the same", (_, change) => {
    const request: Request<"step"> = { op: "step", id: 1, env: 1, seq: 1, ack: 0, actions: [], ...change };
    expect(writeStepRequest(request)).toBeUndefined();
    expect(decodeRequest(encodeRequest(request)).request).toEqual(request);
  });

  it.each([
    ["seq 0", { seq: 0 }],
    ["a negative ack", { ack: -1 }],
    ["an index of 3 bytes", { index: new Uint8Array(3) }],
    ["numbers for columns", { actions: [1, 2] }],
  ])("refuses to send a request with %s, as the general way does", (_, change) => {
    const request = { op: "step", id: 1, env: 1, seq: 1, ack: 0, actions: [], ...change } as Request<"step">;
    expect(() => encodeRequest(request)).toThrow(TypeError);
  });

  it("never writes to bytes that it has given before", () => {
    const reply = (n: number): Request<"step"> => ({ op: "step", id: n, env: 1, seq: n, ack: 0, actions: [new Uint8Array(100).fill(n)] }); // prettier-ignore
    const sent = Array.from({ length: 200 }, (_, n) => encodeRequest(reply(n + 1)));
    sent.forEach((data, n) => expect(decodeRequest(data).request).toEqual(reply(n + 1)));
  });
});
