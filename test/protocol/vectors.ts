/** Reads the golden vectors: literal bytes and what they mean. */
import { readFileSync } from "node:fs";

const folder = new URL("../../protocol/vectors/", import.meta.url);

/** `{"$bytes": "0aff"}` in a vector stands for bytes. */
export const vectors = <T>(name: string): T[] =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"), revive) as T[];

export const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

function revive(_key: string, value: unknown): unknown {
  const hex = typeof value === "object" && value !== null && "$bytes" in value ? value.$bytes : undefined;
  return typeof hex === "string" ? fromHex(hex) : value;
}
