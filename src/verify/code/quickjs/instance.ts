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
import { prepare, type GuestHandles } from "./guest-handles.ts";
import { restore, type Image } from "./image.ts";
import type { Start } from "./messages.ts";
import { Printed } from "./printed.ts";
import { newMemory, type WasmMemory, type WasmModule } from "./wasm.ts";

/** Bytes of stack that the guest may use; the worker's own stack is 64 times that. */
const GUEST_STACK = 256 * 1024;
/** Bytes that QuickJS takes for itself, above what it counts towards the guest's limit. */
const OWN_MEMORY = 24 * 2 ** 20;
/** The limit is a signed 32-bit number there; beyond it, it would be none. */
const MOST_MEMORY = 2 ** 31 - 1;
// The package's types are those of its CommonJS form; what Node imports has the variant itself as its default.
const releaseSync = release.default as unknown as QuickJSSyncVariant;

/** Forwards a call (name and arguments as JSON text) and waits for its answer, as JSON text. */
export type Ask = (name: string, args: string) => string;

export interface Instance {
  readonly context: QuickJSContext;
  readonly guest: GuestHandles;
  readonly clock: Clock;
  readonly printed: Printed;
  readonly memory: WasmMemory;
}

/** What the guest can call in the host, in the order in which it was made: the image of a memory refers to them by number. */
export interface HostFunctions {
  readonly print: QuickJSHandle;
  readonly ask: QuickJSHandle;
}

export interface Bare extends Omit<Instance, "guest"> {
  readonly host: HostFunctions;
}

/** An instance with an empty context and the host's functions. Made the same way each time, so that its addresses are too. */
export async function makeBare(wasm: WasmModule, limits: Start["limits"], clock: Clock, forward: Ask): Promise<Bare> {
  const memory = newMemory(limits.memoryBytes + OWN_MEMORY);
  const variant = newVariant(releaseSync, { wasmModule: wasm, wasmMemory: memory });
  const quickjs = await newQuickJSWASMModuleFromVariant(variant);
  const runtime = quickjs.newRuntime({ interruptHandler: () => clock.over !== undefined });
  runtime.setMaxStackSize(GUEST_STACK);
  const context = runtime.newContext();
  const printed = new Printed(limits.outputBytes);
  const print = context.newFunction("print", (stream, text) => {
    printed.add(context.getNumber(stream), String(JSON.parse(context.getString(text))));
  });
  const ask = context.newFunction("ask", (name, args) =>
    context.newString(forward(context.getString(name), context.getString(args))),
  );
  return { context, clock, printed, memory, host: { print, ask } };
}

/** An instance that holds the prepared sandbox, the names that this program needs, and nothing of any submission. */
export async function makeInstance(
  wasm: WasmModule,
  image: Image | undefined,
  { program, limits }: Start,
  clock: Clock,
  forward: Ask,
): Promise<Instance> {
  const bare = await makeBare(wasm, limits, clock, forward);
  const { context } = bare;
  const guest = (image && restore(image, bare)) ?? prepare(context, bare.host);
  context.runtime.setMemoryLimit(Math.min(limits.memoryBytes, MOST_MEMORY));
  const tell = (run: QuickJSHandle, ...args: QuickJSHandle[]): unknown =>
    context.unwrapResult(context.callFunction(run, context.undefined, ...args));
  for (const name of program.imports ?? []) {
    tell(guest.forward, context.newString(name), context.newNumber(limits.resultBytes));
  }
  if (program.kind === "script") tell(guest.input, context.newString(program.stdin ?? ""));
  return { ...bare, guest };
}
