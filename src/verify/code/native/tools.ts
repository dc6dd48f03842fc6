/** The programs of the operating system that a native box is made with, by absolute path: never by PATH, where a shim may lie. */
import { accessSync, constants, lstatSync, readlinkSync, realpathSync } from "node:fs";
import { join } from "node:path";

const FOLDERS = ["/usr/bin", "/usr/local/bin", "/bin", "/usr/sbin"];

/** @returns the absolute path of an executable file, or undefined */
export function findTool(...names: readonly string[]): string | undefined {
  for (const name of names) {
    const path = FOLDERS.map((folder) => join(folder, name)).find(isExecutable);
    if (path !== undefined) return path;
  }
  return undefined;
}

/** A Python that is whole inside the box, where only /usr can be seen. */
export function findPython(): string | undefined {
  const path = findTool("python3");
  if (path === undefined) return undefined;
  const real = realpathSync(path);
  return real.startsWith("/usr/") ? real : undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** bwrap arguments that show /usr read-only, and the folders that are links into it (or that hold libraries themselves). */
export function systemFolders(): string[] {
  return ["--ro-bind", "/usr", "/usr", ...["/bin", "/lib", "/lib64", "/lib32", "/sbin"].flatMap(showFolder)];
}

function showFolder(path: string): string[] {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return [];
  return status.isSymbolicLink() ? ["--symlink", readlinkSync(path), path] : ["--ro-bind", path, path];
}
