/** Why a box ended: each way to die, told apart from what its parent saw. */
import { describe, expect, it } from "vitest";
import { whyEnded, type Circumstances } from "../../../../src/verify/code/process/ended.ts";

const QUIET: Circumstances = {
  filtered: true,
  machineOutOfMemory: false,
  boxOutOfMemory: false,
  cpuSpent: false,
};
const status = (code: number, seen: Partial<Circumstances> = {}) =>
  whyEnded({ status: code, signal: null }, { ...QUIET, ...seen }).reason;
const signal = (name: NodeJS.Signals, seen: Partial<Circumstances> = {}) =>
  whyEnded({ status: null, signal: name }, { ...QUIET, ...seen }).reason;

describe("the end of a box", () => {
  it("is the program's own for every status but those of a signal that it cannot give itself", () => {
    for (const code of [0, 1, 2, 120, 127, 128, 138, 143, 255]) expect(status(code)).toBe("exit");
    expect(whyEnded({ status: 3, signal: null }, QUIET)).toMatchObject({ status: 3 });
  });

  it("is a crash for each fault of an interpreter, told by signal or as 128 and its number", () => {
    for (const code of [132, 133, 134, 135, 136, 139]) expect(status(code)).toBe("crash");
    for (const name of ["SIGSEGV", "SIGABRT", "SIGTRAP", "SIGBUS", "SIGFPE", "SIGILL"] as const) {
      expect(signal(name)).toBe("crash");
    }
  });

  it("is denied for a system call that the filter kills", () => {
    expect(status(159)).toBe("denied");
  });

  it("is infrastructure for a SIGKILL that no limit explains, and for the wrapper's own death", () => {
    expect(status(137)).toBe("infrastructure");
    expect(signal("SIGKILL")).toBe("infrastructure");
    expect(signal("SIGTERM")).toBe("infrastructure");
    expect(whyEnded({ status: null, signal: null }, QUIET).reason).toBe("infrastructure");
  });

  it("is the limit's where a limit explains the SIGKILL: memory before time, both before the machine's state", () => {
    const all = { boxOutOfMemory: true, cpuSpent: true, machineOutOfMemory: true };
    expect(status(137, all)).toBe("memory");
    expect(status(137, { ...all, boxOutOfMemory: false })).toBe("timeout");
    expect(status(134, { boxOutOfMemory: true })).toBe("memory");
  });

  it("is killed, which may be the program's own doing, while the machine is out of memory or without a filter", () => {
    expect(status(137, { machineOutOfMemory: true })).toBe("killed");
    expect(status(137, { filtered: false })).toBe("killed");
  });
});
