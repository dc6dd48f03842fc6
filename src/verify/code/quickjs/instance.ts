/** One submission in one fresh WebAssembly instance of QuickJS. Never disposed: an instance is dropped with all it holds. */
import * as release from "@jitl/quickjs-wasmfile-release-sync";
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSSyncVariant,
} from "quickjs-emscripten-core";
import type { Clock } from "./clock.ts";
import { GUEST_SOURCE, type Guest } from "./guest/source.ts";
import type { Start } from "./messages.ts";
import { Printed } from "./printed.ts";
import { newMemory, type WasmMemory } from "./wasm.ts";

/** Bytes of stack that the guest may use; the worker's own stack is 64 times that. */
const GUEST_STACK = 256 * 1024;
/** Bytes that QuickJS takes for itself, above what it counts towards the guest's limit. */
const OWN_MEMORY = 24 * 2 ** 20;
// The package's types are those of its CommonJS form; what Node imports has the variant itself as its default.
const releaseSync = release.default as unknown as QuickJSSyncVariant;

/** The functions of the prepared sandbox. */
export type GuestHandles = Readonly<Record<keyof Guest, QuickJSHandle>>;

/** Forwards a call (name and arguments as JSON text) and waits for its answer, as JSON text. */
export type Ask = (name: string, args: string) => string;

export interface Instance {
  readonly context: QuickJSContext;
  readonly guest: GuestHandles;
  readonly clock: Clock;
  readonly printed: Printed;
  readonly memory: WasmMemory;
}

/** An instance that holds the prepared sandbox and nothing of any submission. */
export async function makeInstance(
  wasm: WebAssembly.Module,
  { program, limits }: Start,
  clock: Clock,
  ask: Ask,
): Promise<Instance> {
  const memory = newMemory(limits.memoryBytes + OWN_MEMORY);
  const variant = newVariant(releaseSync, { wasmModule: wasm, wasmMemory: memory });
  const quickjs = await newQuickJSWASMModuleFromVariant(variant);
  const runtime = quickjs.newRuntime({ interruptHandler: () => clock.over !== undefined });
  runtime.setMemoryLimit(limits.memoryBytes);
  runtime.setMaxStackSize(GUEST_STACK);
  const context = runtime.newContext();
  const printed = new Printed(limits.outputBytes);
  const guest = prepare(context, printed, ask);
  for (const name of program.imports ?? []) {
    call(context, guest.forward, context.newString(name), context.newNumber(limits.resultBytes));
  }
  if (program.kind === "script") call(context, guest.input, context.newString(program.stdin ?? ""));
  return { context, guest, clock, printed, memory };
}

function prepare(context: QuickJSContext, printed: Printed, forward: Ask): GuestHandles {
  const print = context.newFunction("print", (stream, text) => {
    printed.add(context.getNumber(stream), String(JSON.parse(context.getString(text))));
  });
  const ask = context.newFunction("ask", (name, args) =>
    context.newString(forward(context.getString(name), context.getString(args))),
  );
  const made = call(context, context.unwrapResult(context.evalCode(GUEST_SOURCE, "sandbox.js")), print, ask);
  const handle = (name: keyof Guest): QuickJSHandle => context.getProp(made, name);
  return {
    invoke: handle("invoke"),
    encode: handle("encode"),
    mutated: handle("mutated"),
    describe: handle("describe"),
    tick: handle("tick"),
    forward: handle("forward"),
    input: handle("input"),
  };
}

const call = (context: QuickJSContext, run: QuickJSHandle, ...args: QuickJSHandle[]): QuickJSHandle =>
  context.unwrapResult(context.callFunction(run, context.undefined, ...args));
