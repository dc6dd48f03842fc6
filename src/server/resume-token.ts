/** The secret that takes a session up again: 128 random bits, replaced at each resume. The old one holds until the client is seen to have the new one. */
import { timingSafeEqual } from "node:crypto";
import { randomText } from "./random-text.ts";
import { digestOf } from "./tokens.ts";

export class ResumeToken {
  /** Digests, a character for each byte: a string takes a fifth of what a buffer of 32 bytes does. */
  #current: string;
  #next: string | undefined;

  private constructor(current: Uint8Array) {
    this.#current = packed(current);
  }

  /** A new secret and the text to tell the client. */
  static issue(): { token: ResumeToken; text: string } {
    const text = newText();
    return { token: new ResumeToken(digestOf(text)), text };
  }

  /** From the digest of a server that has stopped. */
  static from(digest: Uint8Array): ResumeToken {
    return new ResumeToken(digest);
  }

  /** SHA-256 of the secret that the client surely has. */
  get digest(): Uint8Array {
    return unpacked(this.#current);
  }

  /** Whether `text` is the secret, in constant time. */
  fits(text: string): boolean {
    const digest = digestOf(text);
    const current = timingSafeEqual(unpacked(this.#current), digest);
    const next = this.#next !== undefined && timingSafeEqual(unpacked(this.#next), digest);
    if (next) this.confirm();
    return current || next;
  }

  /** A new secret; the welcome that tells it may still be lost, so the old one goes on working. */
  rotate(): string {
    const text = newText();
    this.#next = packed(digestOf(text));
    return text;
  }

  /** The client has the new secret: the old one is void. */
  confirm(): void {
    if (this.#next === undefined) return;
    this.#current = this.#next;
    this.#next = undefined;
  }
}

const packed = (digest: Uint8Array): string => Buffer.from(digest).toString("latin1");
const unpacked = (digest: string): Buffer => Buffer.from(digest, "latin1");
const newText = (): string => randomText(16, "hex");
