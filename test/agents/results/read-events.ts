/** Reads event files by the formats' own documents, with nothing of what writes them: TFRecord frames, then protocol buffers. */
import { readFileSync } from "node:fs";

export interface ReadEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly version?: string;
  readonly values: Readonly<Record<string, number>>;
}

/** One bit at a time, as the polynomial x^32 + x^28 + ... + 1 of RFC 3720 says. */
export function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes)
    for (let bit = 0; bit < 8; bit++) {
      const odd = ((crc ^ (byte >>> bit)) & 1) === 1;
      crc = (crc >>> 1) ^ (odd ? 0x82f63b78 : 0);
    }
  return ~crc >>> 0;
}

/** @throws Error for a frame that is cut short or whose checksum differs */
export function readEvents(file: string): ReadEvent[] {
  const bytes = new Uint8Array(readFileSync(file));
  const view = new DataView(bytes.buffer);
  const events: ReadEvent[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(view.getBigUint64(at, true));
    check(bytes.subarray(at, at + 8), view.getUint32(at + 8, true));
    const data = bytes.subarray(at + 12, at + 12 + length);
    check(data, view.getUint32(at + 12 + length, true));
    events.push(readEvent(data));
    at += 16 + length;
  }
  return events;
}

function check(data: Uint8Array, masked: number): void {
  const turned = (masked - 0xa282ead8) >>> 0;
  const crc = ((turned >>> 17) | (turned << 15)) >>> 0;
  if (crc !== crcOf(data)) throw new Error(`checksum of ${data.length} bytes differs`);
}

interface Field {
  readonly field: number;
  readonly value: number | Uint8Array;
}

const textOf = (value: Field["value"]): string => new TextDecoder().decode(value as Uint8Array);
const fieldsIn = (data: Uint8Array): Field[] => [...readFields(data)];

function readEvent(data: Uint8Array): ReadEvent {
  const fields = fieldsIn(data);
  const find = (field: number): Field["value"] | undefined => fields.find((one) => one.field === field)?.value;
  const [version, summary] = [find(3), find(5)];
  const values = fieldsIn((summary as Uint8Array | undefined) ?? new Uint8Array()).map(
    ({ value }): [string, number] => {
      const [tag, simple] = [1, 2].map((n) => fieldsIn(value as Uint8Array).find(({ field }) => field === n)?.value);
      return [textOf(tag!), simple as number];
    },
  );
  return {
    wallTime: find(1) as number,
    step: (find(2) as number | undefined) ?? 0,
    ...(version !== undefined && { version: textOf(version) }),
    values: Object.fromEntries(values),
  };
}

function* readFields(data: Uint8Array): Generator<Field> {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  let at = 0;
  const varint = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = data[at++]!;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
  };
  while (at < data.length) {
    const key = varint();
    const [field, type] = [key >>> 3, key & 7];
    if (type === 0) yield { field, value: varint() };
    else if (type === 1) yield { field, value: view.getFloat64((at += 8) - 8, true) };
    else if (type === 5) yield { field, value: view.getFloat32((at += 4) - 4, true) };
    else if (type === 2) {
      const length = varint();
      yield { field, value: data.subarray(at, (at += length)) };
    } else throw new Error(`wire type ${type}`);
  }
}
