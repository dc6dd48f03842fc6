/** Whether bubblewrap works on this machine: tests of boxes are skipped, and say why, where it does not. */
import { bubblewrap } from "../../../../src/verify/code/native/index.ts";

/** @returns nothing where it works, else " (skipped: ...)" for the name of a test */
export async function whyNoBubblewrap(): Promise<string | undefined> {
  const probe = await bubblewrap.probe();
  return probe.ok ? undefined : ` (skipped: ${probe.reason})`;
}
