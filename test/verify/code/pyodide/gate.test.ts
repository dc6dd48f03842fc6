/** The gate between Pyodide's WebAssembly and its JavaScript: what passes before it is closed, and after. */
import { describe, expect, it, vi } from "vitest";
import { Gate, Refused, type Imports } from "../../../../src/verify/code/pyodide/imports.ts";

type Call = (...args: unknown[]) => unknown;

/** Imports by name, each a function that says which one it is, behind a gate. */
function behind(...names: readonly string[]): { gate: Gate; call: (name: string, ...args: unknown[]) => unknown } {
  const gate = new Gate();
  const env = Object.fromEntries(names.map((name) => [name, () => `called ${name}`]));
  const guarded: Imports = gate.guard({ env });
  return { gate, call: (name, ...args) => (guarded["env"]![name] as Call)(...args) };
}

const BRIDGE = [
  "JsProxy_GetAttr_js",
  "JsvFunction_CallBound",
  "JsvFunction_Construct",
  "js2python_js",
  "raw_call_js",
  "emscripten_run_script",
  "emscripten_run_script_string",
  "emscripten_asm_const_int",
  "_emscripten_system",
  "_dlopen_js",
  "ffi_call_js",
  "getaddrinfo",
  "emscripten_websocket_new",
  "glDrawArrays",
  "a_function_of_a_later_version",
];

describe("a gate", () => {
  it("lets everything pass until it is closed", () => {
    const { call } = behind(...BRIDGE, "fd_write");
    for (const name of [...BRIDGE, "fd_write"]) expect(call(name)).toBe(`called ${name}`);
  });

  it("then refuses each way into JavaScript, the network, processes and libraries, and whatever it does not know", () => {
    const { gate, call } = behind(...BRIDGE);
    gate.close(1);
    for (const name of BRIDGE) expect(() => call(name), name).toThrow(Refused);
  });

  it("then still serves memory, clocks, the interpreter's own files and its end", () => {
    const names = [
      "fd_write",
      "__syscall_openat",
      "clock_time_get",
      "_mmap_js",
      "proc_exit",
      "invoke_vi",
      "random_get",
    ];
    const { gate, call } = behind(...names);
    gate.close(1);
    for (const name of names) expect(call(name)).toBe(`called ${name}`);
  });

  it("then answers calls on sockets with EACCES, which Python reports as a permission that was denied", () => {
    const names = ["__syscall_socket", "__syscall_connect", "__syscall_sendto", "__syscall_mknodat"];
    const { gate, call } = behind(...names);
    gate.close(1);
    for (const name of names) expect(call(name)).toBe(-2);
  });

  it("refuses memory beyond the limit, and remembers that it did", () => {
    const { gate, call } = behind("emscripten_resize_heap");
    gate.close(1_000);
    expect(call("emscripten_resize_heap", 1_000)).toBe("called emscripten_resize_heap");
    expect(gate.grewTooLarge).toBe(false);
    expect(call("emscripten_resize_heap", 1_001)).toBe(0);
    expect(gate.grewTooLarge).toBe(true);
  });

  it("keeps the signature that Emscripten hangs on a function, and leaves what is no function alone", () => {
    const memory = {};
    const signed = Object.assign(vi.fn(), { sig: "vi" });
    const { env } = new Gate().guard({ env: { signed, memory } });
    expect(env).toMatchObject({ memory });
    expect((env!["signed"] as { sig: string }).sig).toBe("vi");
  });
});
