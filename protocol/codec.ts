/** Bytes <-> messages. The only file that knows about MessagePack, but for the short way of the hot messages (step-writer.ts, step-reader.ts). */
import "./no-native.ts"; // before msgpackr: imports are evaluated in this order
import { Packr, Unpackr } from "msgpackr";
import { type Check, fits, isMap } from "./checks.ts";
import { GymError } from "./errors.ts";
import { REPLY_FIELDS, REQUEST_FIELDS } from "./fields.ts";
import type { Op, Reply, ReplyOp, Request } from "./messages.ts";
import { scan, type ScanLimits } from "./scan.ts";
import { show } from "./show.ts";
import { readStepReply, readStepRequest } from "./step-reader.ts";
import { writeStepReply, writeStepRequest } from "./step-writer.ts";

/** What became of a request's bytes: always the id to answer with, 0 where none could be read. */
export type DecodedRequest =
  | { readonly id: number; readonly request: Request; readonly error?: undefined }
  | { readonly id: number; readonly request?: undefined; readonly error: GymError };

/** @throws {TypeError} when a field is missing or wrong: nothing but the message's own types may reach the packer. */
export const encodeRequest = (request: Request): Uint8Array =>
  (request.op === "step" ? writeStepRequest(request) : undefined) ?? encode(request, REQUEST_CHECKS);

/** @throws {TypeError} when a field is missing or wrong. */
export const encodeReply = (reply: Reply): Uint8Array =>
  (reply.op === "step" ? writeStepReply(reply) : undefined) ?? encode(reply, REPLY_CHECKS);

/** Never throws. The error is BAD_MESSAGE for bytes that are no request (naming the byte, or the field as `op.field`), UNSUPPORTED for an unknown op. */
export function decodeRequest(bytes: Uint8Array, limits?: Partial<ScanLimits>): DecodedRequest {
  const step = limits === undefined ? readStepRequest(bytes) : undefined;
  if (step !== undefined) return { id: step.id, request: step };
  let id = 0;
  try {
    const map = unpackMap(bytes, limits);
    if (isId(map["id"])) id = map["id"];
    const op = map["op"];
    if (id === 0) throw bad("id", "an integer in 1..2^53-1", map["id"]);
    if (typeof op !== "string") throw bad("op", "a text", op);
    if (!REQUEST_CHECKS.has(op)) {
      throw new GymError("UNSUPPORTED", "op", { expected: `one of ${OPS.join(", ")}`, received: op });
    }
    return { id, request: pick(map, REQUEST_CHECKS, op) as Request }; // every field was checked
  } catch (error) {
    return { id, error: asBadMessage(error) };
  }
}

/** Replies may hold more than requests: an error with a capsule for each of 65,536 rows. */
export const REPLY_LIMITS = { maxElements: 4_194_304 } as const satisfies Partial<ScanLimits>;

/** @throws {GymError} BAD_MESSAGE for bytes that are no reply, or one of an op that this version does not know. */
export function decodeReply(bytes: Uint8Array, limits: Partial<ScanLimits> = REPLY_LIMITS): Reply {
  const step = limits === REPLY_LIMITS ? readStepReply(bytes) : undefined;
  if (step !== undefined) return step;
  try {
    const map = unpackMap(bytes, limits);
    const { op, id } = map;
    if (!isId(id)) throw bad("id", "an integer in 0..2^53-1", id);
    if (typeof op !== "string" || !REPLY_CHECKS.has(op)) throw bad("op", `one of ${REPLY_OPS.join(", ")}`, op);
    return pick(map, REPLY_CHECKS, op) as Reply; // every field was checked
  } catch (error) {
    throw asBadMessage(error);
  }
}

type FieldList = readonly (readonly [name: string, check: Check])[];
type CheckLists = ReadonlyMap<string, FieldList>;

const listed = (table: Readonly<Record<string, object>>): CheckLists =>
  new Map(Object.entries(table).map(([op, fields]) => [op, Object.entries(fields as Record<string, Check>)]));

const REQUEST_CHECKS = listed(REQUEST_FIELDS);
const REPLY_CHECKS = listed(REPLY_FIELDS);
const OPS = Object.keys(REQUEST_FIELDS) as readonly Op[];
const REPLY_OPS = Object.keys(REPLY_FIELDS) as readonly ReplyOp[];

// useRecords: an extension nobody else reads. useToJSON: a decoded map may hold a field of that name. skipValues: undefined would become an extension.
const packr = new Packr({
  useRecords: false,
  useToJSON: false,
  variableMapSize: true,
  encodeUndefinedAsNil: true,
  ...{ skipValues: [undefined] }, // missing from msgpackr's types
});
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: "number" });

type Message = { readonly op: string; readonly id: number };

function encode(message: Message, lists: CheckLists): Uint8Array {
  const { op, id } = message;
  const fields = lists.get(op);
  if (fields === undefined || !isId(id))
    throw new TypeError(`cannot encode a message with op ${show(op)} and id ${show(id)}`);
  const out: Record<string, unknown> = { op, id };
  for (const [name, check] of fields) {
    const value = (message as unknown as Record<string, unknown>)[name]; // `name` is one of its fields
    if (!fits(value, check))
      throw new TypeError(`cannot encode ${op}.${name}: expected ${check.says}, got ${show(value)}`);
    if (value !== undefined && value !== null) out[name] = value;
  }
  const { buffer, byteOffset, byteLength } = packr.pack(out);
  // A plain view: msgpackr gives a Buffer on Node, whose slice() and toString() are not those of a Uint8Array.
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function unpackMap(bytes: Uint8Array, limits?: Partial<ScanLimits>): Record<string, unknown> {
  scan(bytes, limits);
  // A view of our own: msgpackr leaves a property on what it reads, and gives Buffers where it reads a Buffer.
  const value: unknown = unpackr.unpack(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (isMap(value)) return value;
  throw bad("message", "a map", value);
}

/** The op, the id and the known fields; anything else is ignored. */
function pick(map: Record<string, unknown>, lists: CheckLists, op: string): Message {
  const message: Record<string, unknown> = { op, id: map["id"] };
  for (const [name, check] of lists.get(op) ?? []) {
    const value = map[name];
    if (!fits(value, check)) throw bad(`${op}.${name}`, check.says, value);
    if (value !== undefined && value !== null) message[name] = value;
  }
  return message as unknown as Message; // op and id were set above
}

const isId = (id: unknown): id is number => Number.isSafeInteger(id) && (id as number) >= 0;

const bad = (where: string, expected: string, received: unknown): GymError =>
  new GymError("BAD_MESSAGE", where, { expected, received });

/** The scanner lets nothing through that msgpackr refuses; if it ever does, that is the sender's message still. */
const asBadMessage = (error: unknown): GymError =>
  error instanceof GymError ? error : new GymError("BAD_MESSAGE", "message: expected MessagePack", {}, error);
