/** Boxes in Pyodide: who may end them, and the limits that the gate and the judge set. One interpreter a test. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Driver, Reply } from "../../../../src/verify/code/driver.ts";
import { DEFAULT_LIMITS } from "../../../../src/verify/code/limits.ts";
import { pyodide } from "../../../../src/verify/code/pyodide/index.ts";
import type { Limits } from "../../../../src/verify/code/types.ts";
import { descendants } from "../native/left-behind.ts";

describe("a box in Pyodide", () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await pyodide.create({ boxes: 0 });
  });
  afterAll(() => driver.close());

  async function play(source: string, limits: Partial<Limits> = {}, meanwhile?: () => Promise<void>): Promise<Reply> {
    const box = await driver.open({ language: "python", source }, { limits: { ...DEFAULT_LIMITS, ...limits } });
    await box.load();
    const [replies] = await Promise.all([box.call([{ name: "f", args: [] }]), meanwhile?.()]);
    await box.close();
    return replies[0]!;
  }

  it("calls a kill from outside infrastructure, and the same status from inside denied", async () => {
    const killAll = async (): Promise<void> => descendants().forEach((pid) => process.kill(pid, "SIGKILL"));
    expect(await play("def f():\n    while True: pass", {}, killAll)).toMatchObject({ reason: "infrastructure" });
    expect(await play("import os\ndef f(): os._exit(137)")).toMatchObject({ reason: "denied" });
  });

  it("ends a file at `fileBytes` and open files at `files`, and the program lives on", async () => {
    const source = `
def f():
    found = []
    with open("/tmp/x", "wb", buffering=0) as x:
        try:
            for _ in range(100): x.write(bytes(1 << 16))
        except OSError as e: found.append(type(e).__name__)
    many = []
    try:
        for _ in range(1000): many.append(open("/tmp/x", "rb"))
    except OSError as e: found.append(len(many) < 30)
    return found`;
    expect(await play(source, { fileBytes: 1 << 20, files: 30 })).toMatchObject({ value: ["OSError", true] });
  });

  it("refuses memory beyond `memoryBytes` as MemoryError, and the program lives on", async () => {
    const source = `
def f():
    try: bytearray(200 << 20)
    except MemoryError: return [len(bytearray(20 << 20)) >> 20]`;
    expect(await play(source, { memoryBytes: 100 << 20 })).toMatchObject({ kind: "value", value: [20] });
  });

  it("sees no file of the host, and an environment that is made up", async () => {
    const source =
      "import os\ndef f(): return [os.path.exists('/etc'), os.path.exists('/root'), os.environ.get('PATH')]";
    expect(await play(source)).toMatchObject({ value: [false, false, "/"] });
  });
});
