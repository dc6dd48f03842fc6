/** JSON files in a run of the recipe, which may have been damaged from outside. */
import { readFile } from "node:fs/promises";
import { GymError } from "dojang/protocol";

/** @param hint what to do where the file is damaged @throws {GymError} BAD_RUN */
export async function readJson(file: string, hint: string): Promise<unknown> {
  const text = await readFile(file, "utf8");
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new GymError("BAD_RUN", file, { expected: "JSON, as `dojang train r1` wrote it", received: text.slice(0, 40), hint }, cause); // prettier-ignore
  }
}
