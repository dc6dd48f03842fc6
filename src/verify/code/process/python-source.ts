/** The Python that answers for a program inside its box, as one source: the same for every driver. */
import { readFileSync } from "node:fs";

export function boxSource(): string {
  return ["codec.py", "box.py"]
    .map((name) => readFileSync(new URL(`python/${name}`, import.meta.url), "utf8"))
    .join("\n");
}

/** What a probe tries from inside a box. */
export function attackSource(): string {
  return readFileSync(new URL("python/attack.py", import.meta.url), "utf8");
}
