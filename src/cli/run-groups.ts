/** Runs as commands name them: folders with runs at or below them, and groups in words. */
import { findRuns, readRun, type RunGroup, type RunSummary } from "../../agents/index.ts";
import { GymError } from "../../protocol/errors.ts";

export interface FoundRuns {
  readonly runs: readonly RunSummary[];
  /** Runs whose files cannot be read, with the reason. */
  readonly unreadable: readonly { readonly folder: string; readonly reason: string }[];
}

/** @throws {GymError} BAD_RUN for a folder that is missing or holds no run, or a run that was named itself and cannot be read */
export async function runsIn(folders: readonly string[]): Promise<FoundRuns> {
  const runs = new Map<string, RunSummary>();
  const unreadable: { folder: string; reason: string }[] = [];
  for (const folder of folders) {
    const found = await findRuns(folder);
    if (found.length === 0)
      throw new GymError("BAD_RUN", folder, {
        expected: "a folder with runs",
        received: "none in it",
        hint: "`dojang train` writes to runs/ unless --out says otherwise.",
      });
    for (const path of found) {
      try {
        runs.set(path, await readRun(path));
      } catch (error) {
        if (path === folder || !(error instanceof GymError)) throw error;
        unreadable.push({ folder: path, reason: error.message });
      }
    }
  }
  return { runs: [...runs.values()], unreadable };
}

/** "alpha=0.1, num=32": the settings that tell a group from the others of its agent and env. */
export const differsText = ({ differs }: RunGroup): string =>
  Object.entries(differs)
    .map(
      ([path, value]) =>
        `${path.replace(/^config\./, "")}=${typeof value === "string" ? value : JSON.stringify(value)}`,
    )
    .join(", ");

/** "q-learning on FrozenLake-v1, alpha=0.1" */
export function groupText(group: RunGroup): string {
  const differs = differsText(group);
  return `${group.agent} on ${group.env}${differs === "" ? "" : `, ${differs}`}`;
}
