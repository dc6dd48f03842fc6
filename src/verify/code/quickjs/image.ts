/** The memory of a prepared sandbox, copied once and written into each fresh instance: a tenth of the time of preparing it. */
import { Lifetime, type JSValuePointer, type QuickJSHandle } from "quickjs-emscripten-core";
import { Clock } from "./clock.ts";
import { GUEST_NAMES, handlesOf, prepare, type GuestHandles } from "./guest-handles.ts";
import type { Guest } from "./guest/source.ts";
import { makeBare, type Bare, type HostFunctions } from "./instance.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import type { WasmModule } from "./wasm.ts";

/** An instance is made the same way each time, so everything in it lies at the same address as in this one. */
export interface Image {
  /** The stretches that are not zero, here or in an instance before it is prepared: the rest of a fresh memory is. */
  readonly stretches: readonly Stretch[];
  /** Where the functions of the sandbox lie. */
  readonly guest: Readonly<Record<keyof Guest, JSValuePointer>>;
  readonly host: HostFunctions;
  /** Pages of the memory at the time. */
  readonly byteLength: number;
}

interface Stretch {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Bytes in which zeros are looked for. */
const BLOCK = 4_096;

export async function takeImage(wasm: WasmModule): Promise<Image> {
  const bare = await makeBare(wasm, DEFAULT_LIMITS, new Clock(DEFAULT_LIMITS), () => "");
  const before = new Uint8Array(bare.memory.buffer).slice();
  const guest = prepare(bare.context, bare.host);
  const memory = new Uint8Array(bare.memory.buffer);
  const addresses = GUEST_NAMES.map((name) => [name, addressOf(guest[name])] as const);
  return {
    stretches: stretchesOf(memory, before),
    // The names are all of Guest's, which a list of entries cannot say.
    guest: Object.fromEntries(addresses) as Image["guest"],
    host: bare.host,
    byteLength: memory.length,
  };
}

/** Makes `bare` the prepared sandbox. Undefined, with nothing changed, where its addresses are not the image's. */
export function restore(image: Image, { context, memory, host }: Bare): GuestHandles | undefined {
  const same = (name: keyof HostFunctions): boolean => addressOf(host[name]) === addressOf(image.host[name]);
  if (memory.buffer.byteLength !== image.byteLength || !same("print") || !same("ask")) return undefined;
  const bytes = new Uint8Array(memory.buffer);
  for (const stretch of image.stretches) bytes.set(stretch.bytes, stretch.at);
  return handlesOf((name) => new Lifetime(image.guest[name], undefined, undefined, context.runtime) as QuickJSHandle);
}

function stretchesOf(memory: Uint8Array, before: Uint8Array): Stretch[] {
  const stretches: Stretch[] = [];
  let began: number | undefined;
  for (let at = 0; at <= memory.length; at += BLOCK) {
    if (![memory, before].every((bytes) => isZero(bytes.subarray(at, at + BLOCK)))) began ??= at;
    else if (began !== undefined) {
      stretches.push({ at: began, bytes: memory.slice(began, at) });
      began = undefined;
    }
  }
  return stretches;
}

const ZEROS = Buffer.alloc(BLOCK);

const isZero = (bytes: Uint8Array): boolean => ZEROS.subarray(0, bytes.length).equals(bytes);

/** Handles of functions point into the instance's memory. */
const addressOf = (handle: QuickJSHandle): JSValuePointer => handle.value as JSValuePointer;
