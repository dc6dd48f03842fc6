/** Prepares a sandbox: evaluates the guest's program in a context and keeps its functions. */
import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten-core";
import { GUEST_SOURCE, type Guest } from "./guest/source.ts";
import type { HostFunctions } from "./instance.ts";

export const GUEST_NAMES = [
  "invoke",
  "encode",
  "mutated",
  "describe",
  "tick",
  "forward",
  "input",
] as const satisfies readonly (keyof Guest)[];

/** The functions of the prepared sandbox. */
export type GuestHandles = Readonly<Record<keyof Guest, QuickJSHandle>>;

export function prepare(context: QuickJSContext, { print, ask }: HostFunctions): GuestHandles {
  const program = context.unwrapResult(context.evalCode(GUEST_SOURCE, "sandbox.js"));
  const made = context.unwrapResult(context.callFunction(program, context.undefined, print, ask));
  return handlesOf((name) => context.getProp(made, name));
}

export function handlesOf(handle: (name: keyof Guest) => QuickJSHandle): GuestHandles {
  const [invoke, encode, mutated, describe, tick, forward, input] = GUEST_NAMES.map(handle);
  return {
    invoke: invoke!,
    encode: encode!,
    mutated: mutated!,
    describe: describe!,
    tick: tick!,
    forward: forward!,
    input: input!,
  };
}
