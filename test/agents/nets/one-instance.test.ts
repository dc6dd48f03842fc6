/** Kernels are instantiated once, and nobody but the nets notices. */
import { describe, expect, it } from "vitest";
import { withOneInstance } from "../../../agents/nets/one-instance.ts";

/** The smallest module there is: magic number and version. */
const EMPTY = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

interface Engine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports?: object) => object;
}
// Node's types name the namespace without what is in it.
const engine = Reflect.get(globalThis, "WebAssembly") as Engine;

describe("a kernel", () => {
  it("is instantiated once for each memory it works on", () => {
    const kernel = new engine.Module(EMPTY);
    const imports = { env: { memory: {} } };
    const [first, again, elsewhere] = withOneInstance(() => [
      new engine.Instance(kernel, imports),
      new engine.Instance(kernel, imports),
      new engine.Instance(kernel, { env: { memory: {} } }),
    ]);
    expect(again).toBe(first);
    expect(elsewhere).not.toBe(first);
  });

  it("is instantiated anew by everyone else, also after work that failed", () => {
    const before = engine.Instance;
    expect(() =>
      withOneInstance(() => {
        throw new Error("in between");
      }),
    ).toThrow("in between");
    expect(engine.Instance).toBe(before);
    const other = new engine.Module(EMPTY);
    expect(new engine.Instance(other)).not.toBe(new engine.Instance(other));
  });
});
