/** Child processes that end with the test that started them, and one-shot runs with their output. */
import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export interface RunOptions {
  /** Bytes for standard input; without it standard input is empty. */
  readonly input?: string;
  /** Added to the environment of the tests; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** After this many milliseconds the process is killed and the run throws. Default 60,000. */
  readonly timeoutMs?: number;
}

export interface RunResult {
  /** Exit status; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a process that is killed, with all it started, when the current test ends. Call it inside a test. */
export function startChild(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  // A group of its own, so that a shell's or npx's children die with it.
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], ...options, detached: true });
  const ended = once(child, "close").catch(() => undefined);
  onTestFinished(async () => {
    killGroup(child);
    await ended;
  });
  return child;
}

/** Runs a command to its end. @throws Error when it takes longer than `timeoutMs` or cannot be started. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { input = "", env = {}, cwd, timeoutMs = 60_000 } = options;
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: "pipe", detached: true });
  const clock = { ranOut: false };
  const timer = setTimeout(() => {
    clock.ranOut = true;
    killGroup(child);
  }, timeoutMs);
  try {
    // A program may end without reading its input; that is no error of the caller.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
    const [[code, signal], stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
    if (clock.ranOut)
      throw new Error(`${command} ${args.join(" ")} ran longer than ${timeoutMs} ms:\n${stdout}${stderr}`);
    return { code, signal, stdout, stderr };
  } finally {
    clearTimeout(timer);
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The whole group has ended already.
  }
}
