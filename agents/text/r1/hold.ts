/** One process at a time works in a run of the recipe: `writer.json` in its folder says which one, for as long as it does. */
import { copyFile, constants, link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAtWork, thisProcess, writtenBy, type Writer } from "../../shared/writer.ts";

const FILE = "writer.json";

/** @throws {GymError} BAD_RUN while another process of this machine holds the folder */
export async function refuseHeld(folder: string): Promise<void> {
  const writer = await readWriter(join(folder, FILE));
  if (writer !== undefined && isAtWork(writer)) throw writtenBy(folder, writer);
}

/** Runs `work` as the only process that does so in this folder; the mark of one that is gone is taken over. @throws {GymError} BAD_RUN as `refuseHeld` */
export async function holding<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const file = join(folder, FILE);
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, `${JSON.stringify(thisProcess())}\n`);
  try {
    while (!(await placed(draft, file))) await removeStale(folder, file);
  } finally {
    await rm(draft, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** Gives the draft its name, whole, unless the name is taken. */
async function placed(draft: string, file: string): Promise<boolean> {
  try {
    // Not every file system knows a second name.
    await link(draft, file).catch((error: unknown) => {
      if (isTaken(error)) throw error;
      return copyFile(draft, file, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

/** Put aside before it is read: of two processes that find the mark of a dead one, the second must not remove that of the first. */
async function removeStale(folder: string, file: string): Promise<void> {
  await refuseHeld(folder);
  const aside = `${file}.${process.pid}.old`;
  if (!(await rename(file, aside).then(() => true, () => false))) return; // prettier-ignore
  const writer = await readWriter(aside);
  if (writer !== undefined && isAtWork(writer)) {
    await rename(aside, file);
    throw writtenBy(folder, writer);
  }
  await rm(aside, { force: true });
}

/** Undefined where nobody works there, or the file was damaged from outside. */
async function readWriter(file: string): Promise<Writer | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Writer;
  } catch {
    return undefined;
  }
}

const isTaken = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "EEXIST";
