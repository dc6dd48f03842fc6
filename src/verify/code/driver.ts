/** The one interface of all drivers: a driver opens boxes, a box runs one submission's code and answers calls. */
import type { Encoded } from "./encoded.ts";
import type { Language, Limits } from "./types.ts";

/** What a box runs. */
export interface Program {
  readonly language: Language;
  readonly source: string;
  /** `module` (default): the top level runs once, then functions are called. `script`: it is the main program. */
  readonly kind?: "module" | "script";
  /** What a script reads; a module reads nothing. Default empty. */
  readonly stdin?: string;
  /** Global functions of the program that forward to `OpenOptions.forward`: how a test program reaches a submission. */
  readonly imports?: readonly string[];
}

export interface Call {
  /** A name bound at the program's top level. */
  readonly name: string;
  readonly args: readonly Encoded[];
  /** Report the arguments as they are after the call. */
  readonly mutated?: boolean;
}

/** What a call came to. All of it is the box's word: it has been checked for form and size, not for truth. */
export type Reply = Returned | Raised | Ended;

export interface Returned {
  readonly kind: "value";
  readonly value: Encoded;
  /** Where `mutated` was asked for: the arguments after the call. */
  readonly args?: readonly Encoded[];
  /** Milliseconds in the box, measured outside it where that can be. */
  readonly ms: number;
}

/** An exception left the call; the box lives on. */
export interface Raised {
  readonly kind: "exception";
  /** The name of its type ("ValueError", "TypeError"), at most 200 characters. */
  readonly type: string;
  /** At most 2,000 characters. */
  readonly message: string;
  /** Where `mutated` was asked for: the arguments after the call. */
  readonly args?: readonly Encoded[];
  /** The sandbox refused something and the exception says so, or memory ran out and the interpreter survived it. */
  readonly because?: "denied" | "memory";
  readonly ms: number;
}

/** The box is gone; this and every later call get this reply. */
export interface Ended {
  readonly kind: "ended";
  readonly reason: EndReason;
  /** One line, for people. */
  readonly detail: string;
  /** Exit status, where the program ended by itself: the answer of a script. */
  readonly status?: number;
  readonly ms: number;
}

/** Why a box ended:
 *  exit: the program ended by itself, early for a module, in its own time for a script;
 *  timeout, memory, output: a limit was reached; denied: it was killed for trying something that is not allowed;
 *  crash: its interpreter died of the program (stack overflow, abort); protocol: its replies broke the rules of the channel;
 *  killed: SIGKILL from nobody we know, perhaps itself: tried again, and after three such ends in a row the program's own doing;
 *  closed: by `close`; infrastructure: our own failure (no process, a dead worker): tried again, never a verdict. */
export type EndReason =
  "exit" | "timeout" | "memory" | "output" | "denied" | "crash" | "protocol" | "killed" | "closed" | "infrastructure";

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  /** More was written than `outputBytes`: the rest is lost. */
  readonly truncated: boolean;
}

/**
 * One process, or one WebAssembly instance, made for this program and used for nothing else. Calls run one after the other
 * in the order given and share the program's state; nothing is left of it after `close`. No method rejects: what goes
 * wrong is a reply.
 */
export interface Box {
  /** Runs the top level. `value: null` when it came to its end; for a script the reply is `ended` with `exit` and a status. */
  load(): Promise<Reply>;
  /** Answers each call with one reply, in order; loads first where `load` was not called, and a load that failed is every
   *  call's reply. After an end the rest of the list gets the same end. */
  call(calls: readonly Call[]): Promise<Reply[]>;
  /** What was printed so far, each stream cut to `outputBytes`. Whole after an end. */
  output(): Output;
  /** Kills every process of the box and frees all it held. Resolves when they are gone. May be called twice, and at any time. */
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly limits: Limits;
  /** Answers the program's calls of its `imports`. The box's clocks stand still while it waits. */
  readonly forward?: (call: Call) => Promise<Reply>;
}

export interface Driver {
  /** "quickjs", "bubblewrap", "pyodide". */
  readonly name: string;
  readonly languages: readonly Language[];
  /** Opens a box. Starts no clock: those run from `load` or the first call on. Never waits for another box to end.
   *  @throws {GymError} VERIFIER_UNAVAILABLE where no box can be made now; the runner tries again */
  open(program: Program, options: OpenOptions): Promise<Box>;
  /** Closes all boxes and whatever is kept warm. */
  close(): Promise<void>;
}

/** What a start-up probe found. */
export type Probe =
  | {
      readonly ok: true;
      /** What this driver does not protect against on this machine, one sentence each; for `dojang doctor`. */
      readonly gaps: readonly string[];
      /** What was found: versions, paths; for `dojang doctor`. */
      readonly found: string;
    }
  | { readonly ok: false; readonly reason: string };

export interface DriverOptions {
  /** Boxes that the runner opens at once, at most; a driver may keep this many interpreters warm. */
  readonly boxes: number;
}

/** A kind of driver: tried once at start, made only where its probe succeeds. */
export interface DriverKind {
  readonly name: string;
  readonly languages: readonly Language[];
  /** Tries the real thing: starts a sandbox and attacks it. Never rejects. */
  probe(): Promise<Probe>;
  create(options: DriverOptions): Promise<Driver>;
}
