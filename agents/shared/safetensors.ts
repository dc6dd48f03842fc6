/** Plain data <-> the safetensors format: every typed array is a tensor under its path, all other values are JSON in the metadata. */
import { GymError, type NumericArray } from "dojang/protocol";
import type { Plain } from "./plain.ts";

const DTYPES = {
  F64: Float64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
} as const;
type Name = keyof typeof DTYPES;

/** Stands for a tensor in the JSON part: `{"$tensor": "learner.q.values"}`. */
const TENSOR = "$tensor";

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

interface TensorInfo {
  readonly dtype: Name;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** @throws {GymError} NOT_A_NUMBER for a number that JSON cannot hold, naming its path (arrays may hold any) */
export function toSafetensors(data: Plain): Uint8Array {
  const tensors = new Map<string, NumericArray>();
  const state = JSON.stringify(extract(data, "", tensors));
  // Wide elements first: then every tensor is aligned to its own element size.
  const order = [...tensors].sort(([, a], [, b]) => b.BYTES_PER_ELEMENT - a.BYTES_PER_ELEMENT);
  const header: Record<string, TensorInfo | { state: string }> = { __metadata__: { state } };
  let end = 0;
  for (const [path, array] of order) {
    header[path] = { dtype: dtypeOf(array), shape: [array.length], data_offsets: [end, (end += array.byteLength)] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const size = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + size + end).fill(0x20, 8, 8 + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(size), true);
  bytes.set(text, 8);
  let at = 8 + size;
  for (const [, array] of order) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  return bytes;
}

/** @throws {GymError} BAD_RUN when the bytes are cut short or are no such file */
export function fromSafetensors(bytes: Uint8Array, where = "checkpoint"): Plain {
  try {
    const size = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    if (8 + size > bytes.length) throw new RangeError("the header is cut short");
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + size))) as Record<string, TensorInfo> & {
      __metadata__: { state: string };
    };
    const data = bytes.subarray(8 + size);
    return restore(JSON.parse(header.__metadata__.state) as Json, (path) => readTensor(header[path], data, path));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "not readable";
    throw new GymError("BAD_RUN", where, { expected: "a whole safetensors file", received: reason }, cause);
  }
}

function extract(value: Plain, path: string, tensors: Map<string, NumericArray>): Json {
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) {
    throw new GymError("NOT_A_NUMBER", `checkpoint: ${path}`, {
      expected: "a finite number that JSON can hold",
      received: value,
    });
  }
  if (typeof value !== "object" || value === null) return value;
  if (ArrayBuffer.isView(value)) {
    tensors.set(path, value);
    return { [TENSOR]: path };
  }
  const under = (name: string | number): string => (path === "" ? String(name) : `${path}.${name}`);
  if (Array.isArray(value)) return value.map((item: Plain, i) => extract(item, under(i), tensors));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, extract(item, under(name), tensors)]));
}

function restore(value: Json, tensor: (path: string) => NumericArray): Plain {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => restore(item, tensor));
  const fields = value as Readonly<Record<string, Json>>;
  if (typeof fields[TENSOR] === "string") return tensor(fields[TENSOR]);
  return Object.fromEntries(Object.entries(fields).map(([name, item]) => [name, restore(item, tensor)]));
}

function readTensor(info: TensorInfo | undefined, data: Uint8Array, path: string): NumericArray {
  if (info === undefined || info.data_offsets[1] > data.length) throw new RangeError(`tensor ${path} is missing`);
  // A copy starts at an offset that suits its elements. (`slice` would be a view, for a Buffer.)
  const copy = new Uint8Array(data.subarray(...info.data_offsets));
  return new DTYPES[info.dtype](copy.buffer);
}

function dtypeOf(array: NumericArray): Name {
  const found = (Object.keys(DTYPES) as Name[]).find((name) => array instanceof DTYPES[name]);
  if (found === undefined) throw new TypeError(`safetensors: no dtype for ${Object.prototype.toString.call(array)}`);
  return found;
}
