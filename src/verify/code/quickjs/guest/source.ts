/** The program that prepares a sandbox: the functions of this folder as text, evaluated before the submission. */
import { MAX_DEPTH } from "../../encoded.ts";
import { consoleOf } from "./console.ts";
import { decoder } from "./decode.ts";
import { encoder } from "./encode.ts";
import { describer } from "./errors.ts";
import { inputOf } from "./input.ts";
import { importsOf } from "./imports.ts";
import { primordials } from "./primordials.ts";
import { MAX_TIMERS, timersOf } from "./timers.ts";

/** Longest line of `console`, in characters. */
const MAX_LINE = 1_000_000;

/** What the host keeps a handle of. */
export interface Guest {
  /** Calls a function with the arguments of a JSON text; keeps them for `mutated`. */
  invoke(run: unknown, args: string): unknown;
  /** A value as JSON text of at most `maxLength` characters. */
  encode(value: unknown, maxLength: number): string;
  /** The arguments of the last call as they are now. */
  mutated(maxLength: number): string;
  /** What was thrown, as `[type, message]`. */
  describe(thrown: unknown): string;
  /** Runs the earliest timer; false where there is none. */
  tick(): boolean;
  /** Makes a global function that forwards; its arguments take at most `maxLength` characters. */
  forward(name: string, maxLength: number): void;
  /** Makes the globals of a script: `readline` and a `require` that can read the input. */
  input(text: string): void;
}

/** Runs inside the sandbox. Everything it returns is closed over and hangs on nothing that the submission can reach. */
function prepare(
  print: (stream: number, text: string) => void,
  ask: (name: string, args: string) => string,
  parts: {
    P: ReturnType<typeof primordials>;
    encode: ReturnType<typeof encoder>;
    decode: ReturnType<typeof decoder>;
    describe: ReturnType<typeof describer>;
    consoleOf: typeof consoleOf;
    timersOf: typeof timersOf;
    importsOf: typeof importsOf;
    inputOf: typeof inputOf;
  },
  limits: { line: number; timers: number },
): Guest {
  const { P, encode, decode } = parts;
  const global = globalThis as Record<string, unknown>;
  const define = (name: string, value: unknown): void => {
    P.defineProperty(global, name, { value, writable: true, enumerable: false, configurable: true });
  };
  const timers = parts.timersOf(P, limits.timers);
  define("console", parts.consoleOf(P, print, limits.line));
  for (const name of [
    "setTimeout",
    "setInterval",
    "setImmediate",
    "clearTimeout",
    "clearInterval",
    "clearImmediate",
  ] as const) {
    define(name, timers[name]);
  }
  // Submissions written for Node often end in `module.exports = ...`.
  define("module", { exports: {} });
  define("exports", (global["module"] as { exports: object }).exports);
  let args: unknown[] = [];
  return {
    invoke(run, text) {
      args = decode(text);
      return P.apply(run, undefined, args);
    },
    encode,
    mutated: (maxLength) => encode(args, maxLength),
    describe: parts.describe,
    tick: timers.tick,
    forward: (name, maxLength) => define(name, parts.importsOf(P, name, encode, decode, ask, maxLength)),
    input: (text) => parts.inputOf(P, text, define),
  };
}

/** An expression: a function of `print` and `ask` that gives a `Guest`. */
export const GUEST_SOURCE = `(print, ask) => {
  "use strict";
  const P = (${primordials.toString()})();
  return (${prepare.toString()})(print, ask, {
    P,
    encode: (${encoder.toString()})(P, ${MAX_DEPTH}),
    decode: (${decoder.toString()})(P),
    describe: (${describer.toString()})(P),
    consoleOf: ${consoleOf.toString()},
    timersOf: ${timersOf.toString()},
    importsOf: ${importsOf.toString()},
    inputOf: ${inputOf.toString()},
  }, { line: ${MAX_LINE}, timers: ${MAX_TIMERS} });
}`;
