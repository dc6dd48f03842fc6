/** The process of one box: Pyodide behind its gate, the channel as a device, one program, then the end. */
import fs from "node:fs";
import { Gate, Refused } from "./imports.ts";
import { loadBehind, type Emscripten } from "./load.ts";

/** Descriptors that the parent gives: the channel, and the memory of an interpreter that has started. */
const CHANNEL = 3;
const SNAPSHOT = 4;
/** What the parent reads as "a call that is not allowed" and as "the interpreter died". */
const DENIED = 159;
const CRASHED = 134;
const KILLED = 137;
/** File too large, as Emscripten numbers it. */
const EFBIG = 22;
/** Longest setup; it comes from the parent. */
const MAX_SETUP = 1_024;

export interface Setup {
  /** Bytes that the interpreter's memory may take, its own start included. */
  readonly heapBytes: number;
  readonly files: number;
  readonly fileBytes: number;
}

/** The first byte says that the box is ready; then the parent says the limits, and nothing else passes from here on. */
function writeChannel(
  fs_: Emscripten,
  gate: Gate,
): (stream: unknown, bytes: Int8Array, at: number, n: number) => number {
  let begun = false;
  return (_, bytes, at, n) => {
    const written = fs.writeSync(CHANNEL, bytes, at, n);
    if (!begun) {
      begun = true;
      begin(fs_, gate, readSetup());
    }
    return written;
  };
}

function readSetup(): Setup {
  const length = readExactly(4).readUInt32LE(0);
  if (length > MAX_SETUP) throw new Error("setup too long");
  // Written by the parent, which is the judge.
  return JSON.parse(readExactly(length).toString()) as Setup;
}

function readExactly(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length;) {
    const n = fs.readSync(CHANNEL, bytes, at, length - at, null);
    if (n === 0) process.exit(0); // the parent has no use for this box
    at += n;
  }
  return bytes;
}

function begin(fs_: Emscripten, gate: Gate, { heapBytes, files, fileBytes }: Setup): void {
  fs_.MAX_OPEN_FDS = files;
  const { MEMFS } = fs_.filesystems;
  const { expandFileStorage } = MEMFS;
  MEMFS.expandFileStorage = (node, bytes) => {
    if (bytes > fileBytes) throw new fs_.ErrnoError(EFBIG);
    expandFileStorage(node, bytes);
  };
  gate.close(heapBytes);
}

function statusOf(error: unknown): number {
  if (error instanceof Refused) return DENIED;
  // Emscripten's ExitStatus, which Pyodide gives another name.
  const { status } = error as { status?: unknown };
  // No program may leave with the status that stands for a kill from outside.
  if (typeof status === "number") return status === KILLED ? DENIED : status;
  if (gate.grewTooLarge) fs.writeSync(2, "\nFATAL ERROR: out of memory\n");
  return CRASHED;
}

const gate = new Gate();
const pyodide = await loadBehind(gate, process.argv[2] ?? "", { _loadSnapshot: fs.readFileSync(SNAPSHOT) });
fs.closeSync(SNAPSHOT);
const { FS } = pyodide;
const device = FS.makedev(64, 0);
FS.registerDevice(device, {
  write: writeChannel(FS, gate),
  read: (_: unknown, bytes: Int8Array, at: number, n: number) => fs.readSync(CHANNEL, bytes, at, n, null),
});
FS.mkdev("/dev/box", device);
try {
  pyodide.runPython('import box; box.box["start_embedded"]("/dev/box")');
  process.exit(0);
} catch (error) {
  process.exit(statusOf(error));
}
