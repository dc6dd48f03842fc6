/** The parts of WebAssembly that are used here: the types of Node leave them out. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** A compiled module: only handed on. */
export type WasmModule = object;

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

interface Wasm {
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => WasmMemory;
  compile(bytes: Uint8Array): Promise<WasmModule>;
}

// Every Node has it; only the declaration is missing.
const wasm = (globalThis as unknown as { readonly WebAssembly: Wasm }).WebAssembly;

/** Bytes of a page. */
const PAGE = 65_536;
/** Pages that QuickJS asks for at its start. */
const FIRST_PAGES = 256;
/** Pages that 32 bits can address in this build. */
const MOST_PAGES = 32_768;

/** A memory that cannot grow beyond `maxBytes`, or beyond what QuickJS starts with where that is more. */
export function newMemory(maxBytes: number): WasmMemory {
  const maximum = Math.min(Math.max(Math.ceil(maxBytes / PAGE), FIRST_PAGES), MOST_PAGES);
  return new wasm.Memory({ initial: FIRST_PAGES, maximum });
}

/** QuickJS, compiled once for all workers. */
export async function compileQuickJs(): Promise<WasmModule> {
  const { resolve } = createRequire(import.meta.url);
  return wasm.compile(await readFile(resolve("@jitl/quickjs-wasmfile-release-sync/wasm")));
}
