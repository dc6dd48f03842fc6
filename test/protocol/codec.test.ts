/** The golden messages, both ways, and what becomes of bytes that are none. */
import { describe, expect, it } from "vitest";
import {
  decodeReply,
  decodeRequest,
  encodeReply,
  encodeRequest,
  type ErrorCode,
  GymError,
  type Reply,
  type Request,
  show,
} from "../../protocol/index.ts";
import { REPLY_FIELDS, REQUEST_FIELDS } from "../../protocol/fields.ts";
import { fromHex, toHex, vectors } from "./vectors.ts";

interface Golden<T> {
  readonly name: string;
  readonly hex: string;
  readonly message: T;
}
interface Malformed {
  readonly name: string;
  readonly hex: string;
  readonly id: number;
  readonly code: ErrorCode;
  readonly message: string;
}

// nil in an optional field is the same as no field; everything else reads as it was written.
const requests = vectors<Golden<Request>>("requests");
const replies = vectors<Golden<Reply>>("replies");
const malformed = vectors<Malformed>("malformed");

describe("golden requests", () => {
  it.each(requests)("reads the golden bytes of: $name", ({ hex, message }) => {
    expect(decodeRequest(fromHex(hex))).toEqual({ id: message.id, request: message });
  });

  it.each(requests)("writes the golden bytes of: $name", ({ hex, message }) => {
    expect(toHex(encodeRequest(message))).toBe(hex);
  });

  it("cover every op and every field", () => {
    expect(uncovered(requests, REQUEST_FIELDS)).toEqual([]);
  });
});

describe("golden replies", () => {
  it.each(replies)("reads the golden bytes of: $name", ({ hex, message }) => {
    expect(decodeReply(fromHex(hex))).toEqual(message);
  });

  it.each(replies)("writes the golden bytes of: $name", ({ hex, message }) => {
    expect(toHex(encodeReply(message))).toBe(hex);
  });

  it("cover every op and every field", () => {
    expect(uncovered(replies, REPLY_FIELDS)).toEqual([]);
  });
});

describe("malformed requests", () => {
  it.each(malformed)("are refused with $code, id $id: $name", ({ hex, id, code, message }) => {
    const decoded = decodeRequest(fromHex(hex));
    expect(decoded.request).toBeUndefined();
    expect({ id: decoded.id, code: decoded.error?.code }).toEqual({ id, code });
    expect(decoded.error?.message).toContain(message);
  });
});

describe("decodeRequest", () => {
  it("reads a seed of 2^53-1 as a number, from uint64 and from float64", () => {
    const head = "85a26f70a46d616b65a2696401a3656e76a178a36e756d01";
    const seed = (token: string): unknown => decodeRequest(fromHex(`${head}a473656564${token}`)).request;
    expect(seed("cf001fffffffffffff")).toMatchObject({ seed: 9007199254740991 });
    expect(seed("cb433fffffffffffff")).toMatchObject({ seed: 9007199254740991 });
  });

  it("ignores unknown fields and nil in optional ones", () => {
    const { request } = decodeRequest(
      fromHex("85a26f70a672656e646572a2696401a3656e7601a5696e646578c0a66e6f76656c74c3"),
    );
    expect(request).toEqual({ op: "render", id: 1, env: 1 });
  });

  it("reads requests out of a Node Buffer and gives plain Uint8Arrays", () => {
    const { request } = decodeRequest(
      Buffer.from(requests.find(({ message }) => message.op === "step")?.hex ?? "", "hex"),
    );
    if (request?.op !== "step") throw new Error("not a step");
    expect(request.actions[0]?.constructor).toBe(Uint8Array);
  });

  it("leaves no property behind on the bytes it reads", () => {
    const bytes = fromHex("82a26f70a470696e67a2696401");
    decodeRequest(bytes);
    expect(Object.getOwnPropertyNames(bytes).filter((name) => !/^\d+$/.test(name))).toEqual([]);
  });

  it("gives bytes as views of the message, without a copy", () => {
    const bytes = fromHex(requests.find(({ name }) => name === "step of two rows")?.hex ?? "");
    const { request } = decodeRequest(bytes);
    expect(request?.op === "step" && request.actions[0]?.buffer).toBe(bytes.buffer);
  });

  it("takes limits of the caller: a list of 3 is too long where 2 are allowed", () => {
    const bytes = fromHex("83a26f70a470696e67a2696401a17893010203");
    expect(decodeRequest(bytes).request?.op).toBe("ping");
    expect(decodeRequest(bytes, { maxElements: 5 }).error?.message).toContain("at most 5 elements");
  });
});

describe("deep and hollow messages", () => {
  const repeat = (token: string, times: number): Uint8Array => fromHex(token.repeat(times));
  it.each([
    ["24,000 headers of long arrays inside each other", repeat("dcffff", 24_000)],
    ["300,000 lists of one inside each other", repeat("91", 300_000)],
    ["200,000 maps of one inside each other", repeat("81a161", 200_000)],
    ["60,000 lists of 65,535 items one after the other", fromHex(`dcea60${"dcffff".repeat(60_000)}`)],
  ])("are refused before anything is allocated for them: %s", (_name, bytes) => {
    const before = process.memoryUsage().heapUsed;
    expect(decodeRequest(bytes).error?.message).toMatch(/levels of arrays and maps|at most 262144 elements/);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2_000_000);
  });
});

describe("decodeReply", () => {
  it("refuses an op it does not know and names those it does", () => {
    expect(() => decodeReply(fromHex("82a26f70a178a2696401"))).toThrow(
      /^op: expected one of welcome, envs.*, got "x"$/,
    );
  });

  it("reads a frame in which each of 65,536 rows failed with a capsule", () => {
    const { message } = replies.find(({ name }) => name === "step with a fault and its capsule")!;
    const [error] = (message as Reply<"step">).errors!;
    const errors = Array.from({ length: 65_536 }, (_, index) => ({ ...error!, index }));
    const reply = decodeReply(encodeReply({ ...(message as Reply<"step">), errors }));
    expect(reply.op === "step" && reply.errors).toHaveLength(65_536);
  });

  it("throws GymError BAD_MESSAGE and names the field", () => {
    const bytes = fromHex("83a26f70a5636c6f7365a2696401a3656e76a178");
    expect(() => decodeReply(bytes)).toThrow(
      new GymError("BAD_MESSAGE", "close.env", { expected: "an integer in 1..2^53-1", received: "x" }),
    );
  });
});

describe("encodeReply", () => {
  const cast = (message: object): Reply => message as Reply;

  it("refuses a typed array other than Uint8Array instead of writing wrong bytes", () => {
    const frame = replies.find(({ name }) => name === "step of two rows of CartPole")?.message as Reply<"step">;
    expect(() => encodeReply(cast({ ...frame, rewards: new Float64Array(2) }))).toThrow(
      "cannot encode step.rewards: expected bytes, got Float64Array(2)",
    );
    expect(() => encodeReply(cast({ ...frame, observations: [new Float32Array(8)] }))).toThrow(TypeError);
  });

  it("refuses what JSON cannot hold: dates, maps, bytes, functions, bigints, NaN", () => {
    const notice = { op: "notice", id: 0, kind: "x", message: "y" };
    for (const value of [
      new Date(0),
      new Map(),
      new Uint8Array(1),
      () => 1,
      1n,
      Number.NaN,
      new Set(),
      /x/,
      new Error("x"),
    ]) {
      expect(() => encodeReply(cast({ ...notice, details: { value } })), show(value)).toThrow(TypeError);
    }
  });

  it("leaves undefined properties out instead of writing an extension", () => {
    const bytes = encodeReply(
      cast({ op: "notice", id: 0, kind: "x", message: "y", details: { a: undefined, b: 1 }, env: undefined }),
    );
    expect(decodeReply(bytes)).toEqual({ op: "notice", id: 0, kind: "x", message: "y", details: { b: 1 } });
  });

  it("writes maps whose keys are names that JavaScript objects have", () => {
    const details = { toJSON: 1, constructor: 2, hasOwnProperty: 3, length: 4, valueOf: null };
    const notice = { op: "notice", id: 0, kind: "x", message: "y", details } as const;
    expect(decodeReply(encodeReply(notice))).toEqual(notice);
  });

  it("refuses a missing field and an unknown op", () => {
    expect(() => encodeReply(cast({ op: "close", id: 1 }))).toThrow(
      "cannot encode close.env: expected an integer in 1..2^53-1, got undefined",
    );
    expect(() => encodeReply(cast({ op: "bye", id: 1 }))).toThrow(TypeError);
  });

  it("never writes two messages into the same bytes", () => {
    const first = encodeReply({ op: "close", id: 1, env: 1 });
    const copy = first.slice();
    for (let i = 0; i < 5_000; i++) encodeReply({ op: "close", id: 2, env: 2 });
    expect(first).toEqual(copy);
  });
});

/** Ops and fields of the table that no golden vector holds. */
function uncovered(golden: readonly Golden<Request | Reply>[], table: Readonly<Record<string, object>>): string[] {
  const seen = new Set(
    golden.flatMap(({ message }) => [message.op, ...Object.keys(message).map((name) => `${message.op}.${name}`)]),
  );
  const wanted = Object.entries(table).flatMap(([op, fields]) => [
    op,
    ...Object.keys(fields).map((name) => `${op}.${name}`),
  ]);
  // The three replies that carry a frame share its fields, which `step` covers.
  return wanted.filter((name) => !seen.has(name) && !/^(reset|restore|fork|delivery)\.\w+$/.test(name));
}
