/** What a plugin threw, with the place in its file: the message alone (`cannot read properties of undefined`) names none. */
import { fileURLToPath } from "node:url";
import { GymError, asGymError, type ErrorCode } from "../../protocol/errors.ts";

/** The folder that holds `src`, `protocol` and `envs`, of the sources or of the built package. */
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Frames of these belong to a plugin's own call; any other of dojang's is the runner that called the plugin, or a built-in env. */
const HELPERS = [`${ROOT}protocol/`, `${ROOT}src/env/rng.`, `${ROOT}src/env/make-param.`];

/** As `asGymError`, and ` (at FILE:LINE:COL)` is added where an error of no known code came out of a plugin's file. */
export function asFault(error: unknown, code: ErrorCode, where?: string): GymError {
  if (error instanceof GymError) return error;
  const known = asGymError(error, code, where);
  const place = placeOf(error);
  return place === undefined ? known : new GymError(code, `${known.message} (at ${place})`, {}, error);
}

/** The first line of a plugin's file on the way to the throw, relative to the working directory where it lies below it. */
export function placeOf(error: unknown): string | undefined {
  try {
    const frame = framesOf(error).find(
      ([file]) => !isHelper(file) && !/^node:|\/node_modules\/(?!dojang\/)/.test(file),
    );
    return frame === undefined || isOurs(frame[0]) ? undefined : `${shown(frame[0])}:${frame[1]}`;
  } catch {
    // A plugin may throw an error whose stack is anything, or throws when it is read.
    return undefined;
  }
}

const isHelper = (file: string): boolean => HELPERS.some((start) => file.startsWith(start));

const isOurs = (file: string): boolean =>
  ["src/", "envs/", "agents/", "bin."].some((start) => file.startsWith(`${ROOT}${start}`));

/** A path of the user's, as short as it is clear. */
function shown(file: string): string {
  const folder = `${process.cwd()}/`;
  return file.startsWith(folder) ? file.slice(folder.length) : file;
}

/** `at f (file:///a.ts:1:2)`, `at async file:///a.ts:1:2`, `at f (/a.cjs:1:2)`, `at f (node:fs:1:2)`. */
const FRAME = /^ +at (?:async )?(?:[^(]* \()?((?:file:\/\/)?\/.*|node:.*):(\d+:\d+)\)?$/;

function framesOf(error: unknown): [file: string, at: string][] {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return stack.split("\n").flatMap((line): [string, string][] => {
    const [, file, at] = FRAME.exec(line) ?? [];
    return file === undefined || at === undefined ? [] : [[pathOf(file), at]];
  });
}

/** Where Node could not read a module: the first line above the message of a SyntaxError, `FILE:LINE`. */
export function syntaxPlaceOf(error: SyntaxError): string | undefined {
  const [, file, line] = /^((?:file:\/\/)?\/.*):(\d+)$/.exec(error.stack?.split("\n", 1)[0] ?? "") ?? [];
  return file === undefined || line === undefined ? undefined : `${shown(pathOf(file))}:${line}`;
}

/** @param file a module's address, or a path as CommonJS has it */
const pathOf = (file: string): string =>
  file.startsWith("file://") ? fileURLToPath(file.replace(/[?#].*$/, "")) : file;
