/** Frames through the wire and back, and fields that do not agree with each other. */
import { describe, expect, it } from "vitest";
import {
  box,
  decodeExtras,
  decodeFrame,
  decodeIndex,
  decodeReply,
  dict,
  discrete,
  encodeExtras,
  encodeFrame,
  encodeIndex,
  encodeReply,
  type Frame,
  type FrameFields,
  type GymError,
  text,
} from "../../protocol/index.ts";

const spaces = {
  observation: dict({ prompt: text({ maxLength: 9 }), grid: box([2], 0, 1, "uint8") }),
  action: discrete(3),
  info: discrete(5),
};

/** Three rows: one that ended and began anew, an ordinary one, one that failed. */
const frame: Frame<typeof spaces.observation, typeof spaces.info> = {
  seq: 7,
  index: new Uint32Array([2, 5, 9]),
  status: new Uint8Array([0, 0, 3]),
  observations: { prompt: ["hi", "ß", ""], grid: new Uint8Array([1, 0, 0, 1, 0, 0]) },
  mask: new Uint8Array([1, 0, 1, 1, 1, 1, 0, 0, 0]),
  rewards: new Float64Array([0.1, -1, Number.NaN]),
  parts: { accuracy: new Float64Array([1, 0, Number.NaN]) },
  terminated: new Uint8Array([1, 0, 0]),
  truncated: new Uint8Array(3),
  final: {
    index: new Uint32Array([0]),
    observations: { prompt: ["bye"], grid: new Uint8Array([1, 1]) },
    mask: new Uint8Array([0, 0, 1]),
  },
  episode: { index: new Uint32Array([0]), return: new Float64Array([-2.5]), length: new Int32Array([7]) },
  seeds: { index: new Uint32Array([0]), episode: new Float64Array([3]), seed: new Float64Array([2 ** 53 - 1]) },
  info: new Int32Array([4, 0, 0]),
  errors: [{ index: 2, code: "VERIFIER_UNAVAILABLE", message: "the judge is gone", retryable: true }],
  timing: { queue: 1, env: 20.5, encode: 0 },
};

const fields = encodeFrame(frame, spaces);

describe("a frame", () => {
  it("comes back from the wire as it was sent", () => {
    const reply = decodeReply(encodeReply({ op: "step", id: 3, env: 1, ...fields }));
    if (reply.op !== "step") throw new Error("not a step");
    expect(decodeFrame(reply, spaces)).toEqual(frame);
  });

  it("carries no fields that it does not have", () => {
    const plain: Frame = {
      seq: 1,
      status: new Uint8Array(1),
      observations: new Int32Array(1),
      rewards: new Float64Array(1),
      terminated: new Uint8Array(1),
      truncated: new Uint8Array(1),
      timing: { queue: 0, env: 0, encode: 0 },
    };
    const encoded = encodeFrame(plain, { observation: discrete(2), action: discrete(2) });
    expect(Object.keys(encoded).sort()).toEqual(Object.keys(plain).sort());
  });

  it("shows an error code that this version does not know as INTERNAL, with the code in the message", () => {
    const errors = [{ index: 0, code: "TOO_NEW", message: "what?", retryable: false }];
    const decoded = decodeFrame({ ...fields, errors }, spaces);
    expect(decoded.errors).toEqual([{ index: 0, code: "INTERNAL", message: "TOO_NEW: what?", retryable: false }]);
  });

  const bytes = (length: number): Uint8Array => new Uint8Array(length);
  const { final, episode, seeds } = fields as Required<FrameFields>;
  const wrong: [Partial<FrameFields>, string][] = [
    [{ status: new Uint8Array([0, 0, 4]) }, "step.status: expected values in 0..3, got 4"],
    [{ rewards: bytes(16) }, "step.rewards: expected 24 bytes of float64, got 16"],
    [{ terminated: bytes(4) }, "step.terminated: expected 3 bytes of uint8, got 4"],
    [{ truncated: bytes(2) }, "step.truncated: expected 3 bytes of uint8, got 2"],
    [{ mask: bytes(8) }, "step.mask: expected 9 bytes of uint8, got 8"],
    [{ index: bytes(8) }, "step.index: expected 12 bytes of uint32, got 8"],
    [{ parts: { accuracy: bytes(8) } }, "step.parts.accuracy: expected 24 bytes of float64, got 8"],
    [{ observations: [] }, "step.observations: expected more columns, got 0"],
    [{ info: [bytes(8)] }, "step.info[0]: expected 12 bytes, got 8"],
    [
      { final: { ...final, index: encodeIndex([3]) } },
      "step.final.index: expected ascending row numbers below 3, got 3",
    ],
    [{ final: { ...final, mask: bytes(2) } }, "step.final.mask: expected 3 bytes of uint8, got 2"],
    [
      { episode: { ...episode, index: encodeIndex([1, 0]) } },
      "step.episode.index: expected ascending row numbers below 3, got 0",
    ],
    [{ episode: { ...episode, length: bytes(8) } }, "step.episode.length: expected 4 bytes of int32, got 8"],
    [{ seeds: { ...seeds, seed: bytes(4) } }, "step.seeds.seed: expected 8 bytes of float64, got 4"],
    [
      { errors: [{ index: 3, code: "BUSY", message: "", retryable: true }] },
      "step.errors[0].index: expected a row in 0..2, got 3",
    ],
  ];
  it.each(wrong)("is refused when its fields disagree: %o", (change, message) => {
    expect(() => decodeFrame({ ...fields, ...change }, spaces)).toThrow(message);
  });
});

describe("row numbers", () => {
  it("come back from bytes, at any alignment", () => {
    const moved = new Uint8Array([9, ...encodeIndex([0, 3, 258])]).subarray(1);
    expect(decodeIndex(moved, 259, "at")).toEqual(new Uint32Array([0, 3, 258]));
  });

  it.each([[[1, 1]], [[2, 1]], [[4]]])("are refused when they are %o of 4 rows", (index) => {
    const read = (): unknown => decodeIndex(encodeIndex(index), 4, "at", "BAD_ACTION");
    expect(read).toThrow(/^at: expected ascending row numbers below 4, got/);
    expect(read).toThrow(expect.objectContaining({ code: "BAD_ACTION" }) as GymError);
  });

  it("are refused when they are 3 bytes", () => {
    expect(() => decodeIndex(new Uint8Array(3), 4, "at")).toThrow("at: expected a multiple of 4 bytes, got 3");
  });
});

describe("extra columns", () => {
  it("come back with their element type", () => {
    const extras = {
      logProb: new Float32Array([-0.5, -1]),
      hidden: new Float64Array([1, 2, 3, 4]),
      version: new Uint32Array([7, 7]),
    };
    expect(decodeExtras(encodeExtras(extras), 2, "step.extras")).toEqual(extras);
  });

  it("are refused unless they hold as many elements for each row", () => {
    const extras = encodeExtras({ logProb: new Float32Array(3) });
    expect(() => decodeExtras(extras, 2, "step.extras")).toThrow(
      "step.extras.logProb: expected a positive multiple of 8 bytes, got 12",
    );
  });

  it("are refused in an element type that does not exist", () => {
    expect(() => encodeExtras({ x: new BigInt64Array(1) as never })).toThrow(TypeError);
  });
});
