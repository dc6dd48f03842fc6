/** A `dojang` command in a process of its own, whose JSON lines are read as they come. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { GymError } from "../../../protocol/errors.ts";
import { execArgv } from "../../registry/exec-argv.ts";
import { oneLine } from "../errors.ts";

/** bin.ts in the repository, dist/bin.js in the package. */
const BIN = fileURLToPath(new URL(`../../../bin${extname(import.meta.url)}`, import.meta.url));

/** Milliseconds a process has for a clean end before it is killed. */
const GRACE_MS = 3_000;

export interface AgentProcess {
  /** Where it runs: no dojang.config.ts of the user may change its call. */
  readonly folder: string;
  /** Told each JSON line. */
  readonly onLine?: (line: Readonly<Record<string, unknown>>) => void;
  readonly onStart?: (pid: number) => void;
  /** Ctrl-C in the terminal does not reach it: it ends when `signal` is aborted, or with this process. */
  readonly ownGroup?: boolean;
  /** Aborted: the process is asked to end, and killed where it does not. */
  readonly signal: AbortSignal;
}

/**
 * Runs `dojang ARGS --json` to its end; nothing of it is left when this settles.
 * @returns the last line
 * @throws {GymError} CANCELLED when aborted, INTERNAL with its own message when it failed
 */
export async function runAgent(
  args: readonly string[],
  options: AgentProcess,
): Promise<Readonly<Record<string, unknown>>> {
  const { folder, onLine, onStart, signal, ownGroup = false } = options;
  const child = start(args, folder, ownGroup);
  if (child.pid !== undefined) onStart?.(child.pid);
  const stop = endOnAbort(child, signal);
  let last: Readonly<Record<string, unknown>> = {};
  createInterface({ input: child.stdout }).on("line", (line) => {
    last = JSON.parse(line) as typeof last;
    onLine?.(last);
  });
  try {
    const [[code], remarks] = await Promise.all([once(child, "close") as Promise<[number | null]>, text(child.stderr)]);
    if (signal.aborted) throw new GymError("CANCELLED", `dojang ${args[0] ?? ""}: stopped by Ctrl-C`);
    if (code === 0) return last;
    throw new GymError(
      "ENV_FAULT",
      `dojang ${args.join(" ")}: ended with status ${code ?? "none"}: ${oneLine(remarks)}`,
    );
  } finally {
    stop();
  }
}

function start(
  args: readonly string[],
  folder: string,
  detached: boolean,
): ChildProcessByStdio<null, Readable, Readable> {
  const child = spawn(process.execPath, [...execArgv(), BIN, ...args, "--json"], {
    cwd: folder,
    detached,
    env: ownVariables(),
    // The fourth is a channel whose end tells the child that this process is gone, whatever ended it.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  // The types know three streams only; the second and third are pipes, as asked for.
  return child as unknown as ChildProcessByStdio<null, Readable, Readable>;
}

/** Settings of the user's own that would change what the agent does are left out. */
const ownVariables = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith("DOJANG_") || name.startsWith("DOJANG_TEST")),
  );

/** @returns what takes the arrangements back */
function endOnAbort(child: { kill(signal: NodeJS.Signals): boolean }, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    child.kill("SIGTERM");
    timer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  };
  // The last resort where this process ends at once (a second Ctrl-C).
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
  return () => {
    clearTimeout(timer);
    process.off("exit", kill);
    signal.removeEventListener("abort", end);
  };
}
