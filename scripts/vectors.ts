/** Prints golden vectors with candidate bytes: `node scripts/vectors.ts requests|replies [FILE]`. For people to read and paste; nothing checks against its output. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { encodeReply, encodeRequest, type Reply, type Request } from "../protocol/index.ts";

interface Vector {
  readonly name: string;
  readonly hex?: string;
  readonly message: unknown;
}

const [kind = "requests", file = join(import.meta.dirname, "../protocol/vectors", `${kind}.json`)] =
  process.argv.slice(2);
const vectors = JSON.parse(readFileSync(file, "utf8"), revive) as Vector[];
const source = JSON.parse(readFileSync(file, "utf8")) as Vector[];
const lines = vectors.map(({ name, message }, i) => {
  // The file may hold anything; the encoder's own checks say what is wrong with it.
  const bytes = kind === "requests" ? encodeRequest(message as Request) : encodeReply(message as Reply);
  return JSON.stringify({ name, hex: Buffer.from(bytes).toString("hex"), message: source[i]?.message });
});
process.stdout.write(`[\n  ${lines.join(",\n  ")}\n]\n`);

/** {"$bytes": "0aff"} stands for bytes. */
function revive(_key: string, value: unknown): unknown {
  const hex = typeof value === "object" && value !== null && "$bytes" in value ? value.$bytes : undefined;
  return typeof hex === "string" ? new Uint8Array(Buffer.from(hex, "hex")) : value;
}
