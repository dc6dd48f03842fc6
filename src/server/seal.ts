/** Seals snapshots with the server's key (AES-256-GCM): what a client hands back is authentic, unread and for the same env. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { GymError } from "../../protocol/errors.ts";

const MAGIC = Uint8Array.of(0x44, 0x4a, 0x53, 1); // "DJS", format 1
const NONCE = 12;
const TAG = 16;

export class Sealer {
  readonly #key: Uint8Array;

  /** @param key 32 bytes */
  constructor(key: Uint8Array = randomBytes(32)) {
    if (key.length !== 32) throw new RangeError(`snapshot key: expected 32 bytes, got ${key.length}`);
    this.#key = key;
  }

  /** @param binding what the bytes belong to (env, version, params): opening needs the same */
  seal(plain: Uint8Array, binding: string): Uint8Array {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce).setAAD(Buffer.from(binding, "utf8"));
    return Buffer.concat([MAGIC, nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws {GymError} BAD_SNAPSHOT when the bytes were changed, come from another server or belong to another env */
  open(sealed: Uint8Array, binding: string): Uint8Array {
    const body = MAGIC.length + NONCE;
    if (sealed.length < body + TAG || MAGIC.some((byte, i) => sealed[i] !== byte)) {
      throw new GymError("BAD_SNAPSHOT", "snapshot", { expected: "bytes that `snapshot` gave", received: sealed });
    }
    const decipher = createDecipheriv("aes-256-gcm", this.#key, sealed.subarray(MAGIC.length, body));
    decipher.setAAD(Buffer.from(binding, "utf8")).setAuthTag(sealed.subarray(sealed.length - TAG));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(body, sealed.length - TAG)), decipher.final()]);
    } catch (cause) {
      const hint = "Restore it on the server that took it, into the same env, version and params.";
      throw new GymError("BAD_SNAPSHOT", "snapshot: the seal does not fit", { hint }, cause);
    }
  }
}

/** The key in `file`, made (mode 0600) if there is none. @throws {GymError} BAD_PARAM when others can read it or it is no key */
export function snapshotKey(file: string): Uint8Array {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    const key = randomBytes(32);
    const handle = openSync(file, "wx", 0o600);
    writeSync(handle, key);
    closeSync(handle);
    return key;
  }
  const mode = statSync(file).mode & 0o777;
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    throw new GymError("BAD_PARAM", file, {
      expected: "a key only its owner can read",
      received: `mode 0${mode.toString(8)}`,
      hint: `chmod 600 ${file}`,
    });
  }
  const key = readFileSync(file);
  if (key.length === 32) return key;
  throw new GymError("BAD_PARAM", file, {
    expected: "32 bytes",
    received: `${key.length} bytes`,
    hint: "Remove it and a new key is made.",
  });
}
