/** Boxes under bubblewrap: their limits one by one, who may end them, and what they can see of this machine. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Box, Call, Driver, OpenOptions, Program, Reply } from "../../../../src/verify/code/driver.ts";
import type { Encoded } from "../../../../src/verify/code/encoded.ts";
import { DEFAULT_LIMITS } from "../../../../src/verify/code/limits.ts";
import { bubblewrap } from "../../../../src/verify/code/native/index.ts";
import type { Limits } from "../../../../src/verify/code/types.ts";
import { waitUntilEmpty } from "../../../support/leaks.ts";
import { tempDir } from "../../../support/temp.ts";
import { whyNoBubblewrap } from "./bubblewrap-here.ts";
import { descendants, isAlive } from "./left-behind.ts";

const absent = await whyNoBubblewrap();

describe.skipIf(absent !== undefined)(`a box under bubblewrap${absent ?? ""}`, () => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await bubblewrap.create({ boxes: 1 });
  });
  afterAll(() => driver.close());

  const open = (
    program: Partial<Program>,
    limits: Partial<Limits> = {},
    forward?: OpenOptions["forward"],
  ): Promise<Box> =>
    driver.open(
      { language: "python", source: "", ...program },
      { limits: { ...DEFAULT_LIMITS, ...limits }, ...(forward === undefined ? {} : { forward }) },
    );

  /** What one call of `f` comes to, and what was printed; the box is closed. */
  async function play(source: string, limits: Partial<Limits> = {}, args: readonly Encoded[] = []) {
    const box = await open({ source }, limits);
    const [reply] = await box.call([{ name: "f", args }]);
    await box.close();
    return { reply: reply!, output: box.output() };
  }

  describe("limits", () => {
    it("lets exactly as many processes live as `processes` says, the first included", async () => {
      const source = `
import os, time
def f():
    n = 1
    try:
        while n < 50:
            if os.fork() == 0: time.sleep(60)
            n += 1
    except OSError: pass
    return n`;
      expect((await play(source, { processes: 5 })).reply).toMatchObject({ kind: "value", value: 5 });
    });

    it("lets exactly as many files be open as `files` says, three streams and the channel included", async () => {
      const source = `
import os
def f():
    n = 4
    try:
        while n < 500: os.open("/dev/null", os.O_RDONLY); n += 1
    except OSError: pass
    return n`;
      expect((await play(source, { files: 20 })).reply).toMatchObject({ kind: "value", value: 20 });
    });

    it("ends a write at `fileBytes`, and all files together at 64 MiB", async () => {
      const source = `
import os
def f():
    sizes = []
    for i in range(20):
        fd = os.open(f"/tmp/{i}", os.O_CREAT | os.O_WRONLY)
        try:
            while True: os.write(fd, bytes(1 << 16))
        except OSError as e: sizes.append(os.fstat(fd).st_size)
        os.close(fd)
    return [sizes[0], sum(sizes)]`;
      const { reply } = await play(source, { fileBytes: 8 << 20 });
      // What the source above returns.
      const [first, all] = valueOf(reply) as [number, number];
      expect(first).toBe(8 << 20);
      expect(all).toBeGreaterThan(60 << 20);
      expect(all).toBeLessThanOrEqual(64 << 20);
    });

    it("keeps `outputBytes` of each stream, says that it cut, and lets the function go on", async () => {
      const source =
        "import sys\ndef f():\n    print('a' * 5000)\n    print('b' * 5000, file=sys.stderr)\n    return 1";
      const { reply, output } = await play(source, { outputBytes: 1_000 });
      expect(reply).toMatchObject({ kind: "value", value: 1 });
      expect(output).toEqual({ stdout: "a".repeat(1_000), stderr: "b".repeat(1_000), truncated: true });
    });

    it("counts processor time and not sleep, and all processes of the box", async () => {
      const sleepy = "import time\ndef f():\n    time.sleep(0.5)\n    return 1";
      expect((await play(sleepy, { cpuMs: 200 })).reply).toMatchObject({ kind: "value", value: 1 });
      const forked = "import os\ndef f():\n    if os.fork() == 0:\n        while True: pass\n    os.wait()";
      expect((await play(forked, { cpuMs: 200 })).reply).toMatchObject({ kind: "ended", reason: "timeout" });
    });

    it("stops the clocks while another box answers", async () => {
      const slow = (): Promise<Reply> =>
        new Promise((resolve) => setTimeout(resolve, 700, { kind: "value", value: 3, ms: 700 }));
      const box = await open({ source: "assert ask(1) == 3", imports: ["ask"] }, { wallMs: 500 }, slow);
      expect(await box.load()).toMatchObject({ kind: "value" });
      await box.close();
    });

    it("bounds memory whatever it is used for: a list, a bytearray, a map, files of /tmp", async () => {
      const reason = async (body: string): Promise<unknown> => {
        const { reply } = await play(`def f():\n    ${body}`, { memoryBytes: 64 << 20, fileBytes: 1 << 30 });
        return reply.kind === "exception" ? reply.because : (reply as { reason?: string }).reason;
      };
      expect(await reason("return len([0] * 10**8)")).toBe("memory");
      expect(await reason("return len(bytearray(10**8))")).toBe("memory");
      expect(await reason("x = []\n    while True: x.append(bytes(10**6))")).toBe("memory");
    });

    it("refuses a result over `resultBytes` by name, and the box lives on", async () => {
      const box = await open({ source: "def f(n): return 'x' * n" }, { resultBytes: 1_000 });
      const calls: Call[] = [2_000, 10].map((n) => ({ name: "f", args: [n] }));
      expect(await box.call(calls)).toMatchObject([
        { kind: "exception", type: "ResultError", message: expect.stringContaining("1000") as string },
        { kind: "value", value: "x".repeat(10) },
      ]);
      await box.close();
    });
  });

  describe("ends", () => {
    const loops = "def f():\n    while True: pass";

    it("calls a kill from outside infrastructure, whichever of its processes is hit", async () => {
      for (const victim of [0, 1]) {
        const box = await open({ source: loops });
        await box.load();
        const [reply] = await Promise.all([box.call([{ name: "f", args: [] }]), killOne(victim)]);
        expect(reply).toMatchObject([{ kind: "ended", reason: "infrastructure" }]);
        await box.close();
      }
    });

    it("gives a program no way to die of SIGKILL: not by a signal, not by an exit status", async () => {
      const itself = "import os\ndef f():\n    os.kill(os.getpid(), 9)\n    os.kill(-1, 9)\n    return 1";
      expect((await play(itself)).reply).toMatchObject({ kind: "exception", type: "ProcessLookupError" });
      const child =
        "import os\ndef f():\n    if os.fork() == 0:\n        os.kill(1, 9)\n        os._exit(0)\n    os.wait()\n    return 1";
      expect((await play(child)).reply).toMatchObject({ kind: "value", value: 1 });
      const status = "import os\ndef f():\n    os._exit(137)";
      expect((await play(status)).reply).toMatchObject({ kind: "ended", reason: "denied" });
    });

    it("takes every process with it: forks, daemons, threads that ignore signals", async () => {
      const source = `
import os, signal, threading
def f():
    reader, writer = os.pipe()
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.fork()
            os.write(writer, b"x")
            while True: signal.pause()
    return sum(len(os.read(reader, 1)) for _ in range(6))`;
      const before = descendants();
      const box = await open({ source });
      expect(await box.call([{ name: "f", args: [] }])).toMatchObject([{ kind: "value", value: 6 }]);
      const isPython = (pid: number): boolean => commandOf(pid).includes("python");
      const forked = descendants().filter((pid) => !before.includes(pid) && isPython(pid) && isPython(parentOf(pid)));
      expect(forked).toHaveLength(6);
      await box.close();
      expect(forked.filter(isAlive)).toEqual([]);
    });

    it("ends with the process that opened it, killed at once", async () => {
      const script = `
import { bubblewrap } from ${JSON.stringify(new URL("../../../../src/verify/code/native/index.ts", import.meta.url).href)};
import { DEFAULT_LIMITS } from ${JSON.stringify(new URL("../../../../src/verify/code/limits.ts", import.meta.url).href)};
const driver = await bubblewrap.create({ boxes: 0 });
const box = await driver.open({ language: "python", source: "def f():\\n    while True: pass" }, { limits: DEFAULT_LIMITS });
await box.load();
void box.call([{ name: "f", args: [] }]);
process.stdout.write("busy");`;
      const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(parent.stdout, "data");
      const pids = descendants(parent.pid);
      expect(pids.length).toBeGreaterThanOrEqual(2);
      parent.kill("SIGKILL");
      await once(parent, "exit");
      expect(await waitUntilEmpty({ processes: () => pids.filter(isAlive).map(String) }, 3_000)).toEqual([]);
    });

    it("refuses to open a box after its driver was closed, and for a language that it has not", async () => {
      const other = await bubblewrap.create({ boxes: 1 });
      await other.close();
      await other.close();
      await expect(other.open({ language: "python", source: "" }, { limits: DEFAULT_LIMITS })).rejects.toMatchObject({
        code: "VERIFIER_UNAVAILABLE",
      });
    });

    it("answers each later call of an ended box with the same end", async () => {
      const box = await open({ source: "import os\ndef f(): os._exit(3)\ndef g(): return 1" });
      const replies = await box.call([
        { name: "f", args: [] },
        { name: "g", args: [] },
      ]);
      expect(replies).toMatchObject([
        { reason: "exit", status: 3 },
        { reason: "exit", status: 3 },
      ]);
      expect(await box.call([{ name: "g", args: [] }])).toMatchObject([{ reason: "exit", status: 3 }]);
      await Promise.all([box.close(), box.close()]);
    });
  });

  describe("walls", () => {
    it("hides a file of the host, its environment, and a server on its loopback that would answer", async () => {
      const folder = tempDir();
      const file = join(folder, "canary");
      writeFileSync(file, "canary", { mode: 0o644 });
      process.env["DOJANG_CANARY"] = "canary";
      let met = 0;
      const server = createServer((socket) => {
        met++;
        socket.end("canary");
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const source = `
import os, socket
def f(path, port):
    found = [str(dict(os.environ))]
    try: found.append(open(path).read())
    except OSError as e: found.append(type(e).__name__)
    try: found.append(socket.create_connection(("127.0.0.1", port), 1).recv(9).decode())
    except OSError as e: found.append(type(e).__name__)
    return found`;
      const { reply } = await play(source, {}, [file, port]);
      delete process.env["DOJANG_CANARY"];
      server.close();
      expect(met).toBe(0);
      expect(JSON.stringify(reply)).not.toContain('"canary"');
      expect((valueOf(reply) as string[]).slice(1)).toEqual(["FileNotFoundError", "PermissionError"]);
    });

    it("shows nothing of one box to the next", async () => {
      const writes =
        "import builtins\nbuiltins.left = 1\ndef f():\n    open('/tmp/left', 'w').write('x')\n    return 1";
      const looks = "import builtins, os\ndef f(): return [hasattr(builtins, 'left'), os.listdir('/tmp')]";
      expect((await play(writes)).reply).toMatchObject({ value: 1 });
      expect((await play(looks)).reply).toMatchObject({ value: [false, []] });
    });
  });
});

const valueOf = (reply: Reply): Encoded | undefined => (reply.kind === "value" ? reply.value : undefined);

/** Kills the process of a box (0) or the bubblewrap around it (1), once it burns processor time. */
async function killOne(which: number): Promise<void> {
  for (;;) {
    const busy = descendants().find((pid) => commandOf(pid).includes("python") && ticksOf(pid) > 5);
    if (busy !== undefined) return void process.kill(which === 0 ? busy : parentOf(busy), "SIGKILL");
    await new Promise(setImmediate);
  }
}

const statusOf = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return ""; // gone since
  }
};
const commandOf = (pid: number): string => statusOf(pid, "comm");
const parentOf = (pid: number): number => Number(/^PPid:\s+(\d+)$/m.exec(statusOf(pid, "status"))?.[1] ?? 0);
const ticksOf = (pid: number): number => Number(statusOf(pid, "stat").split(") ")[1]?.split(" ")[11] ?? 0);
