/** Small binary frames in one piece: `ws` hands header and payload to the system apart, and for a step of one env that call is most of the cost. */
import type { Duplex } from "node:stream";

/** Payloads up to this many bytes are copied behind their header; larger ones are not worth the copy. */
const SMALL_BYTES = 4_096;

export const isSmall = (payload: Uint8Array): boolean => payload.length <= SMALL_BYTES;

/** Writes a whole, unmasked frame (RFC 6455, section 5.2): what a server may put between any two frames that `ws` writes to a socket without extensions. */
export function writeSmall(stream: Duplex, payload: Uint8Array, sent?: () => void): void {
  const { length } = payload;
  const head = length < 126 ? 2 : 4;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x82; // the first and last frame of a binary message
  if (head === 2) frame[1] = length;
  else {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  }
  frame.set(payload, head);
  stream.write(frame, sent);
}
