/** A language under bubblewrap: its interpreter's command line inside the box's. */
import type { Interpreter } from "../process/interpreter.ts";
import { SharedFile } from "../process/shared-file.ts";
import { boxCommand, type Tools } from "./bwrap-args.ts";
import type { Groups } from "./cgroup.ts";
import { cpuSeconds, type Language } from "./language.ts";
import { seccompFilter } from "./seccomp.ts";

/** Bytes of /tmp in a box. They count as memory where there are control groups, and apart from it elsewhere. */
const SCRATCH_BYTES = 64 * 2 ** 20;
/** What a box of control groups may hold besides the program's memory: the interpreter itself. */
const OWN_BYTES = 32 * 2 ** 20;

/** What all languages of one driver share. */
export interface Walls {
  readonly tools: Tools;
  readonly groups: Groups | undefined;
}

export function boxed(language: Language, { tools, groups }: Walls): Interpreter {
  const program = seccompFilter();
  const filter = program && new SharedFile(program);
  const filtered = filter !== undefined;
  return {
    start(limits) {
      const inside = {
        command: language.command(limits),
        shown: language.shown,
        scratchBytes: SCRATCH_BYTES,
        filtered,
      };
      const files = filter === undefined ? [language.code] : [language.code, filter];
      return { ...boxCommand(tools, inside), files, namespaced: true };
    },
    setup: (limits) => language.setup(limits),
    cpuSeconds,
    slackMs: 0,
    filtered,
    ...(language.outOfMemory !== undefined && { outOfMemory: language.outOfMemory }),
    around: (pid, limits) => groups?.around(pid, { ...limits, memoryBytes: limits.memoryBytes + OWN_BYTES }),
    close() {
      language.code.close();
      filter?.close();
    },
  };
}
