/** Python in a native box: isolated mode, no site packages, the first program as compiled code. */
import { execFileSync } from "node:child_process";
import { FIRST_FILE_FD } from "../process/box-process.ts";
import { boxSource } from "../process/python-source.ts";
import { SharedFile } from "../process/shared-file.ts";
import type { Limits } from "../types.ts";
import { cpuSeconds, type Language } from "./language.ts";

/** Address space of the interpreter before it has loaded anything of the program. */
const OWN_BYTES = 32 * 2 ** 20;

/** -I ignores environment and user, -S leaves out site packages, -B writes no caches. */
const FLAGS = ["-I", "-S", "-B", "-X", "utf8"];

/** Its builtins are a copy: a program that replaces `len` everywhere does not change what answers for it. */
const START = [
  "import marshal, posix, builtins",
  `code = posix.read(${FIRST_FILE_FD}, 1 << 20)`,
  `posix.close(${FIRST_FILE_FD})`,
  'box = {"__builtins__": dict(vars(builtins)), "__name__": "box"}',
  "exec(marshal.loads(code), box)",
  'box["start"](3)',
].join("\n");

/** Compiling takes longer than starting, so it is done once, by the same interpreter. */
const COMPILE =
  'import marshal, sys; sys.stdout.buffer.write(marshal.dumps(compile(sys.stdin.read(), "<box>", "exec", optimize=2)))';

/** @param path the interpreter, from `findPython` */
export function python(path: string): Language {
  const compiled = execFileSync(path, [...FLAGS, "-c", COMPILE], { input: boxSource(), env: {}, cwd: "/" });
  const command = [path, ...FLAGS, "-c", START];
  return { command: () => command, shown: [], code: new SharedFile(compiled), setup: rlimits };
}

/** By the names of Python's resource module. AS counts what is reserved, so it holds whatever the memory is used for. */
function rlimits(limits: Limits): Readonly<Record<string, number>> {
  return {
    AS: limits.memoryBytes + OWN_BYTES,
    CPU: cpuSeconds(limits),
    NPROC: limits.processes,
    NOFILE: limits.files,
    FSIZE: limits.fileBytes,
    CORE: 0,
    MEMLOCK: 0,
    MSGQUEUE: 0,
  };
}
