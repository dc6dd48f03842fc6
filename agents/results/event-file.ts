/** TensorBoard's event files: TFRecord frames around protocol buffers `Event` with a `Summary` of scalars. */
import { maskedCrc32c } from "./crc32c.ts";

/** Name within a run folder: TensorBoard looks for "tfevents". */
export const EVENTS = "events.out.tfevents.dojang";

/** Wire types of protocol buffers. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** The record that opens a file. @param wallTime seconds since 1970 */
export const fileHeader = (wallTime: number): Uint8Array =>
  frame(message(double(1, wallTime), text(3, "brain.Event:2")));

/**
 * One record with a scalar for each name; a number that is not finite is left out, as TensorBoard cannot draw it.
 * @param step integer in 0..2^53-1 @param wallTime seconds since 1970
 */
export function scalars(step: number, wallTime: number, values: Readonly<Record<string, number>>): Uint8Array {
  const finite = Object.entries(values).filter(([, value]) => Number.isFinite(value));
  const summary = message(...finite.map(([tag, value]) => bytes(1, message(text(1, tag), float(2, value)))));
  return frame(message(double(1, wallTime), integer(2, step), bytes(5, summary)));
}

/** length, its checksum, data, its checksum */
function frame(data: Uint8Array): Uint8Array {
  const framed = new Uint8Array(data.length + 16);
  const view = new DataView(framed.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(framed.subarray(0, 8)), true);
  framed.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return framed;
}

function message(...fields: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(fields.reduce((size, field) => size + field.length, 0));
  let at = 0;
  for (const field of fields) {
    whole.set(field, at);
    at += field.length;
  }
  return whole;
}

const key = (field: number, type: number): Uint8Array => Uint8Array.of((field << 3) | type);

function varint(value: number): Uint8Array {
  const digits: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) digits.push((rest % 128) | 128);
  return Uint8Array.from([...digits, rest]);
}

const integer = (field: number, value: number): Uint8Array => message(key(field, VARINT), varint(value));

const bytes = (field: number, value: Uint8Array): Uint8Array => message(key(field, BYTES), varint(value.length), value);

const text = (field: number, value: string): Uint8Array => bytes(field, new TextEncoder().encode(value));

function double(field: number, value: number): Uint8Array {
  const fixed = new Uint8Array(8);
  new DataView(fixed.buffer).setFloat64(0, value, true);
  return message(key(field, FIXED64), fixed);
}

function float(field: number, value: number): Uint8Array {
  const fixed = new Uint8Array(4);
  new DataView(fixed.buffer).setFloat32(0, value, true);
  return message(key(field, FIXED32), fixed);
}
