/** Reads the operator's own data files: only files inside a named folder, of a bounded size. */
import { readFileSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import { string } from "dojang/env";
import { GymError } from "dojang/protocol";

/** Largest file that is read, in bytes. */
const MAX_FILE_BYTES = 64 * 2 ** 20;

/** The two parameters of an environment that plays a file; clients can neither set nor see them. */
export const dataFileParams = {
  file: string("", { operator: true, doc: "CSV file inside `folder`, as a relative path; empty: the one that ships." }),
  folder: string("data", { operator: true, doc: "Data folder, absolute or relative to where the server runs." }),
};

export interface DataFile {
  readonly file: string;
  readonly folder: string;
}

/** What `dojang` lets a plugin tell its operator. */
interface Log {
  log(message: string): void;
}

/**
 * The text of the file. What is wrong in detail, with names, goes to the operator's log alone: the error may reach a client.
 * @param where names the environment in errors
 * @throws {GymError} BAD_PARAM when the file lies outside the folder, also by a link; is missing, no file, too large or no UTF-8
 */
export function readDataFile(data: DataFile, where: string, host: Log): string {
  const path = dataFilePath(data, where, host);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    return refuse(data, where, host, "a readable file of UTF-8 text", error);
  }
}

/**
 * The real path of the file, once it is known to be one inside the folder and not too large.
 * @throws {GymError} BAD_PARAM as `readDataFile`
 */
export function dataFilePath(data: DataFile, where: string, host: Log): string {
  const path = insidePath(data.folder, data.file);
  if (path instanceof Error) return refuse(data, where, host, "a file inside the data folder", path.message);
  const stat = statSync(path);
  if (!stat.isFile()) return refuse(data, where, host, "a file", "it is none");
  if (stat.size > MAX_FILE_BYTES)
    return refuse(data, where, host, `at most ${MAX_FILE_BYTES} bytes`, `it has ${stat.size}`);
  return path;
}

function refuse({ file, folder }: DataFile, where: string, host: Log, expected: string, detail: unknown): never {
  host.log(`${where}: param file: expected ${expected}; folder ${folder}, file ${file}: ${String(detail)}`);
  throw new GymError("BAD_PARAM", `${where}: param file`, { expected, hint: "The operator's log says more." });
}

/** The real path of the file, or why it has none inside the folder. Links are followed before they are judged. */
function insidePath(folder: string, file: string): string | Error {
  if (isAbsolute(file)) return new Error("the path is absolute");
  try {
    const root = realpathSync(folder);
    const path = realpathSync(join(root, file));
    const way = relative(root, path);
    if (way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way)) return new Error("it leads out of the folder");
    return path;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
