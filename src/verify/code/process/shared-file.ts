/** Bytes that many processes read through a descriptor of their own each. */
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file without a name: it cannot be left behind. */
export class SharedFile {
  readonly #fd: number;

  constructor(bytes: Uint8Array) {
    const folder = mkdtempSync(join(tmpdir(), "dojang-box-"));
    try {
      const path = join(folder, "bytes");
      writeFileSync(path, bytes, { mode: 0o600 });
      this.#fd = openSync(path, "r");
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** @returns a descriptor that reads from the first byte on; the caller closes it */
  open(): number {
    // A descriptor that is merely inherited would share its position with all other processes.
    return openSync(`/proc/self/fd/${this.#fd}`, "r");
  }

  close(): void {
    closeSync(this.#fd);
  }
}
