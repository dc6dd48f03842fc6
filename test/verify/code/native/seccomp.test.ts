/** The seccomp filter, run by an interpreter of classic BPF: what the kernel would answer for each call. */
import { describe, expect, it } from "vitest";
import { seccompFilter } from "../../../../src/verify/code/native/seccomp.ts";

const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const errno = (code: number): number => 0x00050000 | code;
const [EPERM, EACCES, ENOSYS] = [1, 13, 38];

/** What the kernel shows a filter: the number, the architecture and the first argument of a call. */
interface SystemCall {
  readonly call: number;
  readonly arch: number;
  readonly argument?: number;
}

function answer(program: Buffer, { call, arch, argument = 0 }: SystemCall): number {
  const data: Readonly<Record<number, number>> = { 0: call, 4: arch, 16: argument };
  let accumulator = 0;
  for (let at = 0; at < program.length / 8; at++) {
    const code = program.readUInt16LE(8 * at);
    const value = program.readUInt32LE(8 * at + 4);
    const jump = (holds: boolean): number => program.readUInt8(8 * at + (holds ? 2 : 3));
    if (code === 0x20) accumulator = data[value]!;
    else if (code === 0x54) accumulator = (accumulator & value) >>> 0;
    else if (code === 0x15) at += jump(accumulator === value);
    else if (code === 0x35) at += jump(accumulator >= value);
    else if (code === 0x45) at += jump((accumulator & value) !== 0);
    else if (code === 0x06) return value;
    else throw new Error(`unknown instruction ${code}`);
  }
  throw new Error("the filter ends without an answer, which the kernel refuses to load");
}

const X64 = { arch: 0xc000003e, socket: 41, clone: 56, exit: 60, exitGroup: 231, ptrace: 101, prctl: 157, getpid: 39 };
const ARM64 = {
  arch: 0xc00000b7,
  socket: 198,
  clone: 220,
  exit: 93,
  exitGroup: 94,
  ptrace: 117,
  prctl: 167,
  getpid: 172,
};

describe.each([
  ["x64", X64],
  ["arm64", ARM64],
] as const)("the filter of %s", (name, calls) => {
  const program = seccompFilter(name)!;
  const of = (call: number, argument = 0): number => answer(program, { call, arch: calls.arch, argument });

  it("allows what every program needs", () => {
    expect(of(calls.getpid)).toBe(ALLOW);
    expect(of(calls.clone, 0x01200011)).toBe(ALLOW); // fork
    expect(of(calls.clone, 0x003d0f00)).toBe(ALLOW); // a thread
    expect(of(calls.socket, 1)).toBe(ALLOW); // AF_UNIX
    expect(of(calls.prctl, 15)).toBe(ALLOW); // PR_SET_NAME
  });

  it("refuses tracing, namespaces and io_uring with EPERM, and clone3 so that libc falls back to clone", () => {
    expect(of(calls.ptrace)).toBe(errno(EPERM));
    expect(of(425)).toBe(errno(EPERM));
    for (const flag of [0x10000000, 0x20000000, 0x40000000, 0x00020000]) {
      expect(of(calls.clone, flag | 17), flag.toString(16)).toBe(errno(EPERM));
    }
    expect(of(435)).toBe(errno(ENOSYS));
  });

  it("refuses every socket but AF_UNIX with EACCES", () => {
    for (const family of [0, 2, 10, 16, 17, 38, 40]) expect(of(calls.socket, family)).toBe(errno(EACCES));
  });

  it("refuses to clear the signal that ends a box with its parent", () => {
    expect(of(calls.prctl, 1)).toBe(errno(EPERM));
  });

  it("kills a process that leaves with the status of a SIGKILL, in each way that comes to 137", () => {
    for (const exit of [calls.exit, calls.exitGroup]) {
      for (const status of [137, 137 + 256, 0xffffff89]) expect(of(exit, status)).toBe(KILL);
      for (const status of [0, 1, 9, 136, 138, 255, 265]) expect(of(exit, status)).toBe(ALLOW);
    }
  });

  it("kills a process that calls through another architecture's table", () => {
    expect(answer(program, { call: calls.getpid, arch: 0x40000003 })).toBe(KILL);
  });
});

it("kills a call of the x32 table, whose numbers the filter does not know", () => {
  expect(answer(seccompFilter("x64")!, { call: 0x40000000 + 39, arch: X64.arch })).toBe(KILL);
});

it("has no filter for an architecture whose numbers are not known", () => {
  expect(seccompFilter("riscv64")).toBeUndefined();
});
