/** Seals snapshots with the server's key (AES-256-GCM): what a client hands back is authentic, unread and for the same env. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { dirname } from "node:path";
import { GymError } from "../../protocol/errors.ts";

const MAGIC = Uint8Array.of(0x44, 0x4a, 0x53, 1); // "DJS", format 1
const NONCE = 12;
const TAG = 16;
const KEY = 32;

export class Sealer {
  readonly #key: Uint8Array;

  /** @param key 32 bytes */
  constructor(key: Uint8Array = randomBytes(KEY)) {
    if (key.length !== KEY) throw new RangeError(`snapshot key: expected ${KEY} bytes, got ${key.length}`);
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

/** The key in `file`, made (mode 0600) if there is none. @throws {GymError} BAD_PARAM when others can read it, it is another user's, or it is no key */
export function snapshotKey(file: string): Uint8Array {
  if (!existsSync(file)) makeKey(file);
  // Looked at and read through one handle: what is checked is what is used.
  const handle = openKey(file);
  try {
    checkOwner(file, fstatSync(handle));
    const key = readFileSync(handle);
    if (key.length === KEY) return key;
    throw badKey(file, `${KEY} bytes`, `${key.length} bytes`, "Remove it and a new key is made.");
  } finally {
    closeSync(handle);
  }
}

/** Appears under its name only when whole, so that of two servers that start together both use the first one's. */
function makeKey(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const whole = `${file}.${process.pid}.new`;
  writeFileSync(whole, randomBytes(KEY), { mode: 0o600, flag: "wx" });
  try {
    linkSync(whole, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(whole);
  }
}

function openKey(file: string): number {
  try {
    return openSync(file, "r");
  } catch (cause) {
    const hint = "Give it back to the user that runs the server, or remove it and a new key is made.";
    throw new GymError("BAD_PARAM", file, { expected: "a key this user can read", hint }, cause);
  }
}

function checkOwner(file: string, { mode, uid }: Stats): void {
  if (process.getuid === undefined) return; // Windows: access lists, which a mode does not show
  const bits = mode & 0o777;
  if ((bits & 0o077) !== 0) {
    throw badKey(file, "a key only its owner can read", `mode 0${bits.toString(8)}`, `chmod 600 ${file}`);
  }
  if (uid !== process.getuid()) throw badKey(file, "a key of this user", `one of user ${uid}`, "Remove it.");
}

const badKey = (file: string, expected: string, received: string, hint: string): GymError =>
  new GymError("BAD_PARAM", `${file}: expected ${expected}, got ${received}`, { hint });
