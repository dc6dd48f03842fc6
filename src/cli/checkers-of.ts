/** The checkers of a module that the operator names by --checkers: its exported functions, by their names. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Checker, Checkers } from "../verify/index.ts";
import { oneLine, wrongCall } from "./errors.ts";

/** @param path of a module; absent: no checkers. @throws {GymError} BAD_PARAM when it cannot be loaded, or exports no function */
export async function checkersOf(path: string | undefined): Promise<Checkers> {
  if (path === undefined) return {};
  let module: object;
  try {
    module = (await import(pathToFileURL(resolve(path)).href)) as object;
  } catch (error) {
    const why = oneLine(error instanceof Error ? error.message : String(error));
    throw wrongCall("--checkers", "a module that can be loaded", path, `It says: ${why}`);
  }
  const checkers = Object.entries(module).filter((entry): entry is [string, Checker] => typeof entry[1] === "function");
  if (checkers.length > 0) return Object.fromEntries(checkers);
  throw wrongCall("--checkers", "a module that exports functions by their names", path);
}
