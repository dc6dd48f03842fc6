/** Sessions as sealed files: written when the server stops and now and then before, so that the next start knows them. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { GymError } from "../../protocol/errors.ts";
import { thrown, type Logger } from "./log.ts";
import type { MakeRequest } from "../registry/make.ts";
import type { SavedDeliveries } from "./deliveries.ts";
import type { FirstReset } from "./handle.ts";
import type { SavedReplies } from "./replies.ts";
import type { Sealer } from "./seal.ts";

const FORMAT = 1;
const BINDING = `dojang session ${FORMAT}`;
const SUFFIX = ".session";

export interface SavedHandle {
  readonly id: number;
  /** Absent in older files. */
  readonly madeBy?: number;
  readonly request: MakeRequest;
  readonly window: number;
  readonly mode: "lockstep" | "first-ready";
  readonly replies: SavedReplies;
  readonly deliveries: SavedDeliveries | undefined;
  readonly first: FirstReset;
  /** All instances; see src/env/park.ts. */
  readonly parked: Uint8Array;
}

export interface SavedSession {
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** True when the server stopped in order: nothing happened after this was written. */
  readonly clean: boolean;
  readonly id: string;
  /** SHA-256 of the resume secret. */
  readonly resume: Uint8Array;
  /** SHA-256 of the bearer token the session belongs to. */
  readonly token: Uint8Array | undefined;
  readonly lastId: number;
  readonly nextHandle: number;
  readonly kept: readonly (readonly [id: number, reply: Uint8Array])[];
  readonly handles: readonly SavedHandle[];
}

export class SessionStore {
  readonly #folder: string;
  readonly #sealer: Sealer;
  readonly #log: Logger;

  /** @param folder made if it is not there, readable by its owner only */
  constructor(folder: string, sealer: Sealer, log: Logger) {
    this.#folder = folder;
    this.#sealer = sealer;
    this.#log = log;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Writes a session so that a crash leaves the old file or the new one. */
  save(session: SavedSession): void {
    const file = this.#file(session.id);
    writeFileSync(`${file}.new`, this.#sealer.seal(serialize(session), BINDING), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  remove(id: string): void {
    rmSync(this.#file(id), { force: true });
  }

  /** Everything that can be read; what cannot is logged and left. Files older than `maxAgeMs` are removed. */
  *load(maxAgeMs: number): Generator<SavedSession> {
    for (const name of readdirSync(this.#folder)) {
      if (!name.endsWith(SUFFIX)) continue;
      const session = this.#read(name);
      if (session === undefined) continue;
      if (Date.now() - session.savedAt > maxAgeMs) this.remove(session.id);
      else yield session;
    }
  }

  #read(name: string): SavedSession | undefined {
    try {
      const plain = this.#sealer.open(readFileSync(join(this.#folder, name)), BINDING);
      return deserialize(plain) as SavedSession; // the seal says that a server with this key wrote it
    } catch (error) {
      this.#log.warn(
        { file: join(this.#folder, name), ...thrown(error) },
        "a saved session cannot be read and is left alone",
      );
      return undefined;
    }
  }

  #file(id: string): string {
    if (!/^[\w-]{1,64}$/.test(id)) throw new GymError("INTERNAL", "session id", { received: id });
    return join(this.#folder, `${id}${SUFFIX}`);
  }
}
