/** JSON files in a run of the recipe, which may have been damaged from outside. */
import { readFile } from "node:fs/promises";
import { GymError } from "dojang/protocol";

/** @param hint what to do where the file is damaged @throws {GymError} BAD_RUN */
export const readJson = async (file: string, hint: string): Promise<unknown> =>
  parsed(await readFile(file, "utf8"), file, hint);

/** One value a line. @param hint as above @throws {GymError} BAD_RUN, naming the line */
export async function readJsonLines(file: string, hint: string): Promise<unknown[]> {
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  return lines.flatMap((line, i) => (line === "" ? [] : [parsed(line, `${file}: line ${i + 1}`, hint)]));
}

function parsed(text: string, where: string, hint: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new GymError("BAD_RUN", where, { expected: "JSON, as `dojang train r1` wrote it", received: text.slice(0, 40), hint }, cause); // prettier-ignore
  }
}
