/** Writes a file so that a reader, or a crash at any moment, sees the old bytes or the new ones and nothing between. */
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

export async function writeAtomic(path: string, bytes: Uint8Array | string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** The rename itself must reach the disk, too. Some systems cannot sync a folder; there the file is still whole. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => undefined);
  try {
    await folder?.sync();
  } catch {
    // nothing lost but a guarantee that this file system does not give
  } finally {
    await folder?.close();
  }
}
