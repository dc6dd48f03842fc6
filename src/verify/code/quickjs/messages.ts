/** What passes between the judge's thread and the worker that runs QuickJS. */
import type { Call, Ended, Output, Program, Raised, Reply } from "../driver.ts";
import type { Limits } from "../types.ts";
import type { WasmModule } from "./wasm.ts";

/** What a worker is made with. */
export interface WorkerSetup {
  /** Compiled once for all workers. */
  readonly wasm: WasmModule;
}

export interface Start {
  readonly program: Program;
  readonly limits: Limits;
  /** For programs with imports: the cell on which the worker sleeps until an answer is there. */
  readonly bell?: SharedArrayBuffer;
}

/** To the worker: run these calls (none: only load) in the box that `start` makes, or that an earlier order made. */
export interface Order {
  readonly order: number;
  /** A new box: what the last one held is dropped. */
  readonly start?: Start;
  readonly calls: readonly Call[];
}

/** A reply with its values still as the JSON text that the guest wrote: the judge's thread parses and checks it. */
export type WireReply =
  | { readonly kind: "value"; readonly text: string; readonly args?: string; readonly ms: number }
  | (Omit<Raised, "args"> & { readonly args?: string })
  | Ended;

/** To the worker: forget the box. */
export interface Drop {
  readonly drop: true;
}

/** From the worker. `replies` come in order, in one or more messages; the last one is `done`. */
export type News =
  | { readonly ready: true }
  | {
      readonly order: number;
      /** The reply of the top level, with the first message after `start`. */
      readonly loaded?: WireReply;
      readonly replies: readonly WireReply[];
      readonly done: boolean;
      readonly output?: Output;
      /** Bytes of the box's WebAssembly memory. */
      readonly memoryBytes?: number;
    }
  | { readonly order: number; readonly forward: Call };

/** What answers a forwarded call: taken by the worker while it sleeps. */
export type Answer = { readonly answer: Reply };
