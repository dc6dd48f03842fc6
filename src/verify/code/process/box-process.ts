/** The process of one box: its start, its channel, what it prints, and how it ended. Knows nothing of the language. */
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync } from "node:fs";
import type { Socket } from "node:net";
import { GymError } from "../../../../protocol/errors.ts";
import type { SharedFile } from "./shared-file.ts";

/** What is started: a command line, and the files that it reads at its start. */
export interface Start {
  readonly command: string;
  readonly args: readonly string[];
  /** Descriptors 4 and 5, at most. */
  readonly files: readonly SharedFile[];
  /** The command makes a PID namespace and writes the pid of its first process to descriptor 6, as bwrap does. Without it
   *  the command is the box itself. */
  readonly namespaced: boolean;
}

/** How the process ended, as its parent saw it. */
export interface Exit {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Bytes of bwrap's messages that are kept. */
const MAX_INFO = 1_024;
/** Milliseconds that a start may take on a busy machine. */
const START_MS = 20_000;
const CHANNEL_FD = 3;
export const FIRST_FILE_FD = 4;
export const INFO_FD = 6;

export class BoxProcess {
  readonly #namespaced: boolean;
  readonly #child: ChildProcess;
  /** Pid of the box's first process, as this process sees it. */
  #pid = 0;
  /** The interpreter waits and nothing of a program has run. */
  readonly ready: Promise<this>;
  /** Every process of the box is gone and all its output is here. */
  readonly gone: Promise<Exit>;
  exit: Exit | undefined;
  #onBytes: (bytes: Buffer) => void = () => undefined;

  /** @throws {GymError} VERIFIER_UNAVAILABLE where this process may open no more files */
  constructor(start: Start) {
    this.#namespaced = start.namespaced;
    try {
      this.#child = spawnBox(start);
    } catch (error) {
      throw unavailable(error instanceof Error ? error.message : String(error));
    }
    this.gone = new Promise((resolve) => {
      this.#child.once("close", (status, signal) => resolve((this.exit = { status, signal })));
      // Without a process there is nothing to close.
      this.#child.once("error", () => {
        if (this.#child.pid === undefined) resolve((this.exit = { status: null, signal: null }));
      });
    });
    this.#child.once("exit", (_, signal) => signal !== null && this.#killRest());
    this.ready = this.#becomeReady();
    this.ready.catch(() => undefined); // whoever takes the box sees it; one that nobody takes may fail alone
    for (const pipe of this.#pipes()) pipe.on("error", () => undefined); // EPIPE: the end is told by `gone`
  }

  get pid(): number {
    return this.#pid;
  }

  get stdin(): Socket {
    return this.#pipe(0);
  }

  get stdout(): Socket {
    return this.#pipe(1);
  }

  get stderr(): Socket {
    return this.#pipe(2);
  }

  /** What the box sends after its first byte. */
  onBytes(listener: (bytes: Buffer) => void): void {
    this.#onBytes = listener;
  }

  send(bytes: Uint8Array): void {
    this.#channel.write(bytes);
  }

  /** Ends every process of the box: without its first process the kernel ends the namespace. */
  kill(): void {
    if (this.exit !== undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    try {
      if (this.#pid !== 0) process.kill(this.#pid, "SIGKILL");
      else this.#child.kill("SIGKILL");
    } catch {
      this.#child.kill("SIGKILL"); // its first process is gone already
    }
  }

  /** The command was killed, perhaps before it had bound its child's life to its own. What is left is still in its process
   *  group, or has left it and is about to read from the channel, whose end ends it. */
  #killRest(): void {
    for (const pid of [-(this.#child.pid ?? 0), this.#pid]) {
      try {
        if (pid !== 0) process.kill(pid, "SIGKILL");
      } catch {
        // Nothing is left.
      }
    }
    this.#channel.destroy();
  }

  /** An idle box does not keep this process alive. */
  unref(): void {
    this.#child.unref();
    for (const pipe of this.#pipes()) pipe.unref();
  }

  ref(): void {
    this.#child.ref();
    for (const pipe of this.#pipes()) pipe.ref();
  }

  get #channel(): Socket {
    return this.#pipe(CHANNEL_FD);
  }

  #pipe(fd: number): Socket {
    // Node makes a socket in both directions of every "pipe"; its types say so for none of them.
    return (this.#child.stdio as readonly unknown[])[fd] as Socket;
  }

  #pipes(): Socket[] {
    // Without a process there are no pipes either.
    return this.#child.pid === undefined
      ? []
      : [0, 1, 2, CHANNEL_FD, ...(this.#namespaced ? [INFO_FD] : [])].map((fd) => this.#pipe(fd));
  }

  async #becomeReady(): Promise<this> {
    const late = setTimeout(() => this.#child.kill("SIGKILL"), START_MS);
    const failure = this.#failure();
    try {
      const starting = this.#child.pid === undefined ? [] : [this.#readPid(), this.#readHello()];
      await Promise.race([starting.length > 0 ? Promise.all(starting) : failure.happens, failure.happens]);
    } finally {
      clearTimeout(late);
      failure.forget();
    }
    return this;
  }

  /** The first byte says that the interpreter is there; the rest belongs to the box. */
  #readHello(): Promise<void> {
    return new Promise((resolve) => {
      this.#channel.once("data", (bytes: Buffer) => {
        resolve();
        this.#channel.on("data", (more: Buffer) => this.#onBytes(more));
        if (bytes.length > 1) this.#onBytes(bytes.subarray(1));
      });
    });
  }

  #readPid(): Promise<void> {
    if (!this.#namespaced) {
      this.#pid = this.#child.pid ?? 0;
      return Promise.resolve();
    }
    let text = "";
    return new Promise((resolve) => {
      this.#pipe(INFO_FD).on("data", (bytes: Buffer) => {
        if (this.#pid !== 0 || text.length > MAX_INFO) return;
        text += bytes.toString("latin1");
        this.#pid = Number(/"child-pid": (\d+)/.exec(text)?.[1] ?? 0);
        if (this.#pid !== 0) resolve();
      });
    });
  }

  /** Rejects when the process ends, or cannot be started, before it is ready. */
  #failure(): { happens: Promise<never>; forget: () => void } {
    let said = "";
    const listen = (bytes: Buffer): void => void (said = (said + bytes.toString()).slice(0, MAX_INFO));
    if (this.#child.pid !== undefined) this.stderr.on("data", listen);
    const happens = new Promise<never>((_, reject) => {
      this.#child.once("error", (error) => reject(unavailable(error.message)));
      void this.gone.then(({ status, signal }) =>
        reject(unavailable(`${said.trim()} (${signal ?? `status ${status}`})`)),
      );
    });
    happens.catch(() => undefined); // after the start nobody listens
    return { happens, forget: () => void (this.#child.pid !== undefined && this.stderr.off("data", listen)) };
  }
}

const unavailable = (why: string): GymError =>
  new GymError("VERIFIER_UNAVAILABLE", `sandbox did not start: ${why}`, { hint: "Run: dojang doctor" });

function spawnBox({ command, args, files, namespaced }: Start): ChildProcess {
  const fds: number[] = [];
  try {
    for (const file of files) fds.push(file.open());
    const [first = "ignore", second = "ignore"] = fds;
    return spawn(command, args, {
      cwd: "/",
      env: {},
      detached: true, // a process group of its own: for #killRest, and out of reach of a terminal's Ctrl-C
      stdio: ["pipe", "pipe", "pipe", "pipe", first, second, namespaced ? "pipe" : "ignore"],
    });
  } finally {
    fds.forEach(closeSync);
  }
}
