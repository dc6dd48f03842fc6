/** Loads Pyodide behind a gate. Runs in processes of its own only: it replaces WebAssembly.instantiate for good. */
import fs from "node:fs";
import type { Gate, Imports } from "./imports.ts";

/** The parts of Emscripten's file system that a box sets up. */
export interface Emscripten {
  MAX_OPEN_FDS: number;
  makedev(major: number, minor: number): number;
  registerDevice(device: number, operations: object): void;
  mkdev(path: string, device: number): void;
  readonly filesystems: { readonly MEMFS: { expandFileStorage: (node: unknown, bytes: number) => void } };
  readonly ErrnoError: new (errno: number) => Error;
}

export interface Pyodide {
  readonly FS: Emscripten;
  runPython(source: string): unknown;
  makeMemorySnapshot(): Uint8Array;
}

type Instantiate = (source: unknown, imports?: Imports) => Promise<unknown>;

/** @param entry pyodide.mjs @param options of its own: a snapshot to make or to begin with */
export async function loadBehind(gate: Gate, entry: string, options: object): Promise<Pyodide> {
  // Emscripten reads this table, and the permission model denies it the usual way.
  Object.assign(process, { binding: () => ({ fs: fs.constants }) });
  // No DOM types here, and the function takes more than Pyodide gives it.
  const { WebAssembly } = globalThis as unknown as { WebAssembly: { instantiate: Instantiate } };
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = (source, imports) =>
    instantiate(source, imports !== undefined && "env" in imports ? gate.guard(imports) : imports);
  // The path is the parent's, so the types are unknown; the version is pinned.
  const { loadPyodide } = (await import(entry)) as { loadPyodide(options: object): Promise<Pyodide> };
  return await loadPyodide({ jsglobals: Object.create(null) as object, ...options });
}
