/** Runs a submission in its instance: the top level, then calls; each comes to one reply. */
import { stripTypeScriptTypes } from "node:module";
import type { QuickJSHandle } from "quickjs-emscripten-core";
import type { Call, Ended, Program, Raised } from "../driver.ts";
import type { Limits } from "../types.ts";
import type { Instance } from "./instance.ts";
import type { WireReply } from "./messages.ts";

/** Promise jobs run before the clock is looked at again. */
const JOBS_AT_ONCE = 1_000;

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;
/** A line that begins as only a module's lines do; a script may hold one in a comment or a string, so it is only a hint. */
const MODULE_LINE = /^[ \t]*(?:import|export)\b/m;
/** What a sandbox without a host lacks, as QuickJS words it. */
const HOST_NAMES =
  /^'?(?:process|require|fetch|XMLHttpRequest|WebSocket|Deno|Bun|Worker|importScripts|global)'? is not defined$/;

type Settled = { readonly value: QuickJSHandle } | { readonly error: QuickJSHandle } | { readonly stuck: true };

export class Run {
  readonly #instance: Instance;
  readonly #program: Program;
  readonly #limits: Limits;
  readonly #found = new Map<string, QuickJSHandle>();
  /** The namespace of a submission that is a module. */
  #exports: QuickJSHandle | undefined;

  constructor(instance: Instance, program: Program, limits: Limits) {
    this.#instance = instance;
    this.#program = program;
    this.#limits = limits;
  }

  /** Runs the top level; of a script, all of it, until nothing is left to do. */
  load(): WireReply {
    return this.#timed(() => {
      const settled = this.#settle(this.#evaluate(this.#javascript()));
      if ("stuck" in settled) return raised("Error", "the top level waits for a promise that nothing will settle");
      if ("error" in settled) return this.#raised(settled.error);
      if (this.#program.kind !== "script") return { kind: "value", text: "null", ms: 0 };
      while (this.#tick());
      return { kind: "ended", reason: "exit", status: 0, detail: "ran to its end", ms: 0 };
    });
  }

  call({ name, args, mutated = false }: Call): WireReply {
    const { context, guest } = this.#instance;
    return this.#timed(() => {
      const run = this.#lookUp(name);
      if (run === undefined) return raised("ReferenceError", `no function named ${name}`);
      const text = context.newString(JSON.stringify(args));
      const settled = this.#settle(context.callFunction(guest.invoke, context.undefined, run, text));
      if ("stuck" in settled) return raised("Error", "the result is a promise that nothing will settle");
      const after = (): { args?: string } => (mutated ? { args: this.#textOf(guest.mutated, []) } : {});
      if ("error" in settled) return { ...this.#raised(settled.error), ...after() };
      return { kind: "value", text: this.#textOf(guest.encode, [settled.value]), ...after(), ms: 0 };
    });
  }

  /** Lets `work` run while the clock does. A limit that is reached beats whatever else came of it. */
  #timed(work: () => WireReply): WireReply {
    const { clock } = this.#instance;
    const before = clock.wallUsed;
    clock.start();
    let reply: WireReply;
    try {
      reply = work();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      reply = error.reply;
    } finally {
      clock.stop();
    }
    const ms = clock.wallUsed - before;
    if (clock.over !== undefined) return ended("timeout", `used more than ${clock.over}`, ms);
    if (this.#program.kind === "script" && this.#instance.printed.truncated) {
      return ended("output", `printed more than ${this.#limits.outputBytes} bytes`, ms);
    }
    return { ...reply, ms };
  }

  #javascript(): string {
    const { language, source } = this.#program;
    if (language !== "typescript") return source;
    try {
      return stripTypeScriptTypes(source, { mode: "strip" });
    } catch (error) {
      throw new Refused(raised("SyntaxError", error instanceof Error ? error.message : "not TypeScript"));
    }
  }

  #evaluate(source: string): Evaluated {
    const { context } = this.#instance;
    const asModule =
      MODULE_LINE.test(source) && context.evalCode(source, "submission.js", { compileOnly: true }).error !== undefined;
    if (!asModule) return context.evalCode(source, "submission.js");
    const result = context.evalCode(source, "submission.js", { type: "module" });
    if (result.error === undefined) this.#exports = result.value;
    return result;
  }

  /** Runs promise jobs, and timers while something is still waited for, until the result is there. */
  #settle(result: Evaluated): Settled {
    if (result.error !== undefined) return { error: result.error };
    const { context, clock } = this.#instance;
    this.#runJobs();
    for (;;) {
      const state = context.getPromiseState(result.value);
      if (state.type === "fulfilled") return { value: state.value };
      if (state.type === "rejected") return { error: state.error };
      if (clock.over !== undefined || !this.#tick()) return { stuck: true };
    }
  }

  #runJobs(): void {
    const { context, clock } = this.#instance;
    while (clock.over === undefined && context.runtime.hasPendingJob()) {
      const result = context.runtime.executePendingJobs(JOBS_AT_ONCE);
      if (result.error !== undefined) throw new Refused(this.#raised(result.error));
    }
  }

  /** @returns whether there was a timer to run */
  #tick(): boolean {
    const { context, guest, clock } = this.#instance;
    if (clock.over !== undefined) return false;
    const result = context.callFunction(guest.tick, context.undefined);
    if (result.error !== undefined) throw new Refused(this.#raised(result.error));
    const ticked = context.dump(result.value) === true;
    if (ticked) this.#runJobs();
    return ticked;
  }

  /** A binding of the top level, an export, or a property of `module.exports`. */
  #lookUp(name: string): QuickJSHandle | undefined {
    const known = this.#found.get(name);
    if (known !== undefined) return known;
    if (!IDENTIFIER.test(name)) return undefined;
    const found = this.#candidates(name).find(
      (handle) => handle !== undefined && this.#instance.context.typeof(handle) === "function",
    );
    if (found !== undefined) this.#found.set(name, found);
    return found;
  }

  #candidates(name: string): (QuickJSHandle | undefined)[] {
    const { context } = this.#instance;
    const evaluated = (code: string): QuickJSHandle | undefined => {
      const result = context.evalCode(code, "lookup.js");
      return result.error === undefined ? result.value : undefined;
    };
    const exported = this.#exports === undefined ? undefined : context.getPromiseState(this.#exports);
    return [
      evaluated(name),
      exported?.type === "fulfilled" ? context.getProp(exported.value, name) : undefined,
      evaluated(`module.exports.${name}`),
    ];
  }

  /** The string that a function of the prepared sandbox gives for a value. */
  #textOf(write: QuickJSHandle, values: QuickJSHandle[]): string {
    const { context } = this.#instance;
    const result = context.callFunction(
      write,
      context.undefined,
      ...values,
      context.newNumber(this.#limits.resultBytes),
    );
    if (result.error !== undefined) throw new Refused(this.#raised(result.error));
    return context.getString(result.value);
  }

  #nearlyFull(): boolean {
    return this.#instance.memory.buffer.byteLength > NEARLY_FULL * this.#limits.memoryBytes;
  }

  #raised(error: QuickJSHandle): WireReply & Raised {
    const { context, guest } = this.#instance;
    const described = context.callFunction(guest.describe, context.undefined, error);
    if (described.error !== undefined)
      return raised("InternalError", "an exception that cannot be described", "memory");
    const [type, message] = JSON.parse(context.getString(described.value)) as [string, string];
    // With no memory left for an error object, QuickJS throws null.
    if (type === "null" && this.#nearlyFull()) return raised("InternalError", "out of memory", "memory");
    return raised(type, message, reasonOf(type, message));
  }
}

/** Share of the limit at which memory is taken to have run out: it grows in large steps, and the last one may not fit. */
const NEARLY_FULL = 0.75;

type Evaluated = ReturnType<Instance["context"]["evalCode"]>;

/** Leaves the run of a call with the reply it came to. */
class Refused extends Error {
  readonly reply: WireReply;
  constructor(reply: WireReply) {
    super("refused");
    this.reply = reply;
  }
}

function reasonOf(type: string, message: string): Raised["because"] {
  if (type === "InternalError" && message === "out of memory") return "memory";
  if (type === "ReferenceError" && (HOST_NAMES.test(message) || message.startsWith("could not load module")))
    return "denied";
  return undefined;
}

const raised = (type: string, message: string, because?: Raised["because"]): Omit<Raised, "args"> => ({
  kind: "exception",
  type,
  message,
  ...(because === undefined ? {} : { because }),
  ms: 0,
});

const ended = (reason: Ended["reason"], detail: string, ms: number): Ended => ({ kind: "ended", reason, detail, ms });
