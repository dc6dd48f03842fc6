/** The hot messages, `step` and its reply, written straight to bytes: the same bytes as the packer's. What is out of the ordinary is left to the packer. */
import type { FrameFields, Reply, Request } from "./messages.ts";
import { KEY, STEP_HEAD } from "./step-keys.ts";

/** The bytes of a `step`; undefined where the packer has to look at it: a field that is wrong, large or rare. */
export function writeStepRequest(request: Request<"step">): Uint8Array | undefined {
  const { id, env, seq, ack, actions, index, extras } = request;
  if (!(isPositive(id) && isPositive(env) && isPositive(seq) && isUint(ack) && isColumns(actions))) return undefined;
  if (extras !== undefined || (index !== undefined && !isIndex(index))) return undefined;
  begin(FIXED_BYTES + sizeOf(actions) + (index === undefined ? 0 : index.length));
  put(0x86 + (index === undefined ? 0 : 1));
  head(id, env, seq);
  text(KEY.ack);
  uint(ack);
  columns(KEY.actions, actions);
  if (index !== undefined) field(KEY.index, index);
  return end();
}

/** The bytes of a reply to `step`; undefined where the packer has to look at it. */
export function writeStepReply(reply: Reply<"step">): Uint8Array | undefined {
  const { id, env, seq, index, mask, final, episode, seeds, timing } = reply;
  if (!isUint(id) || !isPositive(env) || !isUint(seq) || !isPlain(reply)) return undefined;
  begin(FIXED_BYTES + sizeOfReply(reply));
  const parts = [index, mask, final, episode, seeds];
  let fields = 10;
  for (const part of parts) if (part !== undefined) fields++;
  put(0x80 + fields);
  head(id, env, seq);
  if (index !== undefined) field(KEY.index, index);
  field(KEY.status, reply.status);
  columns(KEY.observations, reply.observations);
  if (mask !== undefined) field(KEY.mask, mask);
  field(KEY.rewards, reply.rewards);
  field(KEY.terminated, reply.terminated);
  field(KEY.truncated, reply.truncated);
  if (final !== undefined) writeFinal(final);
  if (episode !== undefined) writeThree(KEY.episode, [KEY.index, KEY.return, KEY.length], [episode.index, episode.return, episode.length]); // prettier-ignore
  if (seeds !== undefined) writeThree(KEY.seeds, [KEY.index, KEY.episode, KEY.seed], [seeds.index, seeds.episode, seeds.seed]); // prettier-ignore
  text(KEY.timing);
  put(0x83);
  text(KEY.queue);
  uint(timing.queue);
  text(KEY.env);
  uint(timing.env);
  text(KEY.encode);
  uint(timing.encode);
  return end();
}

function writeFinal({ index, observations, mask }: NonNullable<FrameFields["final"]>): void {
  text(KEY.final);
  put(mask === undefined ? 0x82 : 0x83);
  field(KEY.index, index);
  columns(KEY.observations, observations);
  if (mask !== undefined) field(KEY.mask, mask);
}

type Three<T> = readonly [T, T, T];

function writeThree(key: Uint8Array, keys: Three<Uint8Array>, values: Three<Uint8Array>): void {
  text(key);
  put(0x83);
  for (let i = 0; i < 3; i++) field(keys[i] as Uint8Array, values[i] as Uint8Array);
}

/** More than all keys, numbers and headers of a message take together, without those of further columns. */
const FIXED_BYTES = 512;
/** Messages up to this size share memory, so that each does not pay for an allocation. */
const SHARED_BYTES = 2_048;
const SLAB_BYTES = 8_192;
const MOST_COLUMNS = 15;

// The message being written. Nothing below can be entered twice at once: there is no callback and no await.
let out = new Uint8Array(SLAB_BYTES);
let at = 0;
let start = 0;
/** Memory that small messages are cut from, and how much of it is taken: bytes once given are never written again. */
let slab = out;
let taken = 0;

function begin(size: number): void {
  if (size > SHARED_BYTES) {
    out = new Uint8Array(size);
    start = at = 0;
    return;
  }
  if (taken + size > SLAB_BYTES) {
    slab = new Uint8Array(SLAB_BYTES);
    taken = 0;
  }
  out = slab;
  start = at = taken;
}

function end(): Uint8Array {
  if (out === slab) taken = at;
  return new Uint8Array(out.buffer, start, at - start);
}

function head(id: number, env: number, seq: number): void {
  text(STEP_HEAD);
  uint(id);
  text(KEY.env);
  uint(env);
  text(KEY.seq);
  uint(seq);
}

function put(byte: number): void {
  out[at++] = byte;
}

/** Bytes that are MessagePack already. */
function text(bytes: Uint8Array): void {
  // Locals: what belongs to the module is loaded and stored again for every byte.
  const target = out;
  const from = at;
  const { length } = bytes;
  for (let i = 0; i < length; i++) target[from + i] = bytes[i] as number;
  at = from + length;
}

function field(key: Uint8Array, value: Uint8Array): void {
  text(key);
  bin(value);
}

function columns(key: Uint8Array, list: readonly Uint8Array[]): void {
  text(key);
  put(0x90 + list.length);
  for (const column of list) bin(column);
}

function bin(bytes: Uint8Array): void {
  const { length } = bytes;
  if (length < 0x100) {
    put(0xc4);
    put(length);
  } else if (length < 0x10000) {
    put(0xc5);
    two(length);
  } else {
    put(0xc6);
    two(length >>> 16);
    two(length & 0xffff);
  }
  const target = out;
  const from = at;
  if (length <= 32) for (let i = 0; i < length; i++) target[from + i] = bytes[i] as number;
  else target.set(bytes, from);
  at = from + length;
}

function uint(value: number): void {
  if (value < 0x80) put(value);
  else if (value < 0x100) {
    put(0xcc);
    put(value);
  } else if (value < 0x10000) {
    put(0xcd);
    two(value);
  } else {
    put(0xce);
    two(value >>> 16);
    two(value & 0xffff);
  }
}

function two(value: number): void {
  out[at++] = value >>> 8;
  out[at++] = value & 0xff;
}

/** Integers that fit into 32 bits: all that a program meets in its life, unless it chooses large ids. */
const isUint = (value: unknown): value is number => typeof value === "number" && value >>> 0 === value;
const isPositive = (value: unknown): boolean => isUint(value) && value !== 0;
const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array && value.length <= 0xffffffff;
const isIndex = (value: unknown): boolean => isBytes(value) && value.length % 4 === 0;
const isNoIndex = (value: unknown): boolean => value !== undefined && !isIndex(value);

function isColumns(list: unknown): boolean {
  if (!Array.isArray(list) || list.length > MOST_COLUMNS) return false;
  for (const column of list) if (!isBytes(column)) return false;
  return true;
}

/** True when every field is right and of a kind that is written here. */
function isPlain(reply: FrameFields): boolean {
  const { index, status, observations, mask, rewards, parts, terminated, truncated, info, timing, errors } = reply;
  if (parts !== undefined || info !== undefined || errors !== undefined || isNoIndex(index)) return false;
  if (!isBytes(status) || !isColumns(observations) || !isBytes(rewards)) return false;
  if (!isBytes(terminated) || !isBytes(truncated) || (mask !== undefined && !isBytes(mask))) return false;
  if (typeof timing !== "object" || !isUint(timing.queue) || !isUint(timing.env) || !isUint(timing.encode)) return false; // prettier-ignore
  return isPlainEnd(reply);
}

function isPlainEnd({ final, episode, seeds }: FrameFields): boolean {
  if (final !== undefined) {
    const { index, observations, mask } = final;
    if (!isIndex(index) || !isColumns(observations) || (mask !== undefined && !isBytes(mask))) return false;
  }
  if (episode !== undefined && !(isIndex(episode.index) && isBytes(episode.return) && isBytes(episode.length))) return false; // prettier-ignore
  return seeds === undefined || (isIndex(seeds.index) && isBytes(seeds.episode) && isBytes(seeds.seed));
}

function sizeOf(list: readonly Uint8Array[]): number {
  let size = 0;
  for (const column of list) size += column.length;
  return size;
}

function sizeOfReply({
  index,
  status,
  observations,
  mask,
  rewards,
  terminated,
  truncated,
  final,
  episode,
  seeds,
}: FrameFields): number {
  // prettier-ignore
  let size = status.length + rewards.length + terminated.length + truncated.length + sizeOf(observations);
  if (index !== undefined) size += index.length;
  if (mask !== undefined) size += mask.length;
  if (final !== undefined) size += final.index.length + sizeOf(final.observations) + (final.mask?.length ?? 0);
  if (episode !== undefined) size += episode.index.length + episode.return.length + episode.length.length;
  if (seeds !== undefined) size += seeds.index.length + seeds.episode.length + seeds.seed.length;
  return size;
}
