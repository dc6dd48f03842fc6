/** The hot messages, `step` and its reply, read straight from bytes where they look as the writer here makes them. Anything else is left to the scanner and the unpacker. */
import type { FrameFields, Reply, Request } from "./messages.ts";
import { KEY, STEP_HEAD } from "./step-keys.ts";

/** The `step` that `bytes` hold; undefined when they are another message, a wrong one, or the same in another form. */
export function readStepRequest(bytes: Uint8Array): Request<"step"> | undefined {
  if (bytes[1] !== 0xa2 || (bytes[0] !== 0x86 && bytes[0] !== 0x87)) return undefined;
  begin(bytes);
  const id = key(STEP_HEAD) ? uint() : WRONG;
  const env = key(KEY.env) ? uint() : WRONG;
  const seq = key(KEY.seq) ? uint() : WRONG;
  const ack = key(KEY.ack) ? uint() : WRONG;
  const actions = key(KEY.actions) ? columns() : wrong();
  if (id <= 0 || env <= 0 || seq <= 0 || ack < 0 || actions === undefined) return undefined;
  const request = { op: "step", id, env, seq, ack, actions } as const;
  if (bytes[0] === 0x86) return isEnd() ? request : undefined;
  const index = key(KEY.index) ? words() : undefined;
  return index !== undefined && isEnd() ? { ...request, index } : undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The reply to a `step` that `bytes` hold; undefined as above. */
export function readStepReply(bytes: Uint8Array): Reply<"step"> | undefined {
  const fields = (bytes[0] as number) - 0x80;
  if (bytes[1] !== 0xa2 || !(fields >= 10 && fields <= 15)) return undefined;
  begin(bytes);
  const id = key(STEP_HEAD) ? uint() : WRONG;
  const env = key(KEY.env) ? uint() : WRONG;
  const seq = key(KEY.seq) ? uint() : WRONG;
  if (id < 0 || env <= 0 || seq < 0) return undefined;
  let left = fields - 10;
  const index = left > 0 && key(KEY.index) ? (left--, words()) : undefined;
  const status = key(KEY.status) ? bin() : wrong();
  const observations = key(KEY.observations) ? columns() : wrong();
  const mask = left > 0 && key(KEY.mask) ? (left--, bin()) : undefined;
  const rewards = key(KEY.rewards) ? bin() : wrong();
  const terminated = key(KEY.terminated) ? bin() : wrong();
  const truncated = key(KEY.truncated) ? bin() : wrong();
  if (at < 0 || !status || !observations || !rewards || !terminated || !truncated) return undefined;
  const reply: Mutable<Reply<"step">> = { op: "step", id, env, seq, status, observations, rewards, terminated, truncated, timing: NO_TIMING }; // prettier-ignore
  if (index !== undefined) reply.index = index;
  if (mask !== undefined) reply.mask = mask;
  if (left > 0) left -= readSparse(reply, left);
  const timing = left === 0 && key(KEY.timing) ? readTiming() : undefined;
  if (timing === undefined || !isEnd()) return undefined;
  reply.timing = timing;
  return reply;
}

const NO_TIMING = { queue: 0, env: 0, encode: 0 };

function readTiming(): FrameFields["timing"] | undefined {
  if (!token(0x83)) return undefined;
  const queue = key(KEY.queue) ? uint() : WRONG;
  const env = key(KEY.env) ? uint() : WRONG;
  const encode = key(KEY.encode) ? uint() : WRONG;
  return queue >= 0 && env >= 0 && encode >= 0 ? { queue, env, encode } : undefined;
}

/** Reads `final`, `episode` and `seeds` where they are there; gives how many. */
function readSparse(reply: Mutable<FrameFields>, left: number): number {
  let found = 0;
  if (key(KEY.final)) {
    const final = readFinal();
    if (final !== undefined) reply.final = final;
    found++;
  }
  if (found < left && key(KEY.episode)) {
    const [index, returns, length] = readThree(KEY.return, KEY.length);
    if (index && returns && length) reply.episode = { index, return: returns, length };
    found++;
  }
  if (found < left && key(KEY.seeds)) {
    const [index, episode, seed] = readThree(KEY.episode, KEY.seed);
    if (index && episode && seed) reply.seeds = { index, episode, seed };
    found++;
  }
  return found;
}

function readFinal(): FrameFields["final"] {
  const masked = token(0x83);
  if (!masked && !token(0x82)) return wrong();
  const index = key(KEY.index) ? words() : wrong();
  const observations = key(KEY.observations) ? columns() : wrong();
  if (index === undefined || observations === undefined) return wrong();
  if (!masked) return { index, observations };
  const mask = key(KEY.mask) ? bin() : wrong();
  return mask && { index, observations, mask };
}

type Bytes = Uint8Array | undefined;

function readThree(second: Uint8Array, third: Uint8Array): [Bytes, Bytes, Bytes] {
  if (!token(0x83)) return [wrong(), undefined, undefined];
  return [key(KEY.index) ? words() : wrong(), key(second) ? bin() : wrong(), key(third) ? bin() : wrong()];
}

/** What `uint` gives for anything else. */
const WRONG = -1;
const NOTHING = new Uint8Array(0);

// The message being read; `at` is negative once something was wrong, and then nothing is found any more.
let source: Uint8Array = NOTHING;
let at = 0;

function begin(bytes: Uint8Array): void {
  source = bytes;
  at = 1;
}

function isEnd(): boolean {
  return at === source.length;
}

function wrong(): undefined {
  at = -1;
}

function token(byte: number): boolean {
  if (source[at] !== byte) return false;
  at++;
  return true;
}

/** Goes past `bytes` where they come next. */
function key(bytes: Uint8Array): boolean {
  // Locals: what belongs to the module is loaded again for every byte.
  const from = at;
  const bytesRead = source;
  const { length } = bytes;
  for (let i = 0; i < length; i++) if (bytesRead[from + i] !== bytes[i]) return false;
  at = from + length;
  return true;
}

/** A number in its shortest form. */
function uint(): number {
  const first = source[at] ?? 0xff;
  if (first < 0x80) {
    at++;
    return first;
  }
  const width = first === 0xcc ? 1 : first === 0xcd ? 2 : first === 0xce ? 4 : 0;
  if (width === 0 || at + width >= source.length) return (wrong(), WRONG);
  return number(width);
}

/** The big-endian number after the token. */
function number(width: number): number {
  let value = 0;
  for (let i = 1; i <= width; i++) value = value * 256 + (source[at + i] as number);
  at += width + 1;
  return value;
}

function bin(): Uint8Array | undefined {
  const first = source[at];
  const width = first === 0xc4 ? 1 : first === 0xc5 ? 2 : first === 0xc6 ? 4 : 0;
  if (width === 0 || at + width >= source.length) return wrong();
  const length = number(width);
  if (at + length > source.length) return wrong();
  const bytes = new Uint8Array(source.buffer, source.byteOffset + at, length);
  at += length;
  return bytes;
}

function words(): Uint8Array | undefined {
  const bytes = bin();
  return bytes === undefined || bytes.length % 4 === 0 ? bytes : wrong();
}

function columns(): Uint8Array[] | undefined {
  const count = (source[at] ?? 0) - 0x90;
  if (count < 0 || count > 15) return wrong();
  at++;
  const list: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const column = bin();
    if (column === undefined) return undefined;
    list.push(column);
  }
  return list;
}
