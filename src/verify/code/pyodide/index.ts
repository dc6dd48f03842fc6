/** The Pyodide kind of driver: Python as WebAssembly, where bubblewrap does not work. Slower, and a wall of software only. */
import type { Driver, DriverKind, DriverOptions, Probe } from "../driver.ts";
import { ProcessDriver } from "../process/process-driver.ts";
import { attackDriver } from "../process/attack.ts";
import { keepsRoot, pyodideInterpreter, pyodideVersion } from "./interpreter.ts";

/** A waiting interpreter takes some 200 MB. */
const MOST_WARM = 2;

const GAPS = [
  "The wall is software: a defect of V8's WebAssembly or of Pyodide lets a program reach the network, and files that its user may read.",
  "Processor time and memory are looked at every 50 ms, not bounded by the kernel.",
  "No threads, no processes, no asyncio: honest programs that use them end in an error.",
];

const ROOT = "Its processes run as root: the project cannot be read by nobody, whom they would otherwise run as.";

/** Emscripten makes up an environment. */
const ATTACKS = {
  environment: ["USER", "LOGNAME", "PATH", "PWD", "HOME", "LANG", "LC_CTYPE", "LD_LIBRARY_PATH", "PYTHONINSPECT"],
  more: ["javascript"],
};

export const pyodide: DriverKind = {
  name: "pyodide",
  languages: ["python"],
  probe,
  create: ({ boxes }: DriverOptions) => make(Math.min(boxes, MOST_WARM), false),
};

async function make(warm: number, keep: boolean): Promise<Driver> {
  return new ProcessDriver("pyodide", new Map([["python", await pyodideInterpreter(keep)]]), warm);
}

async function probe(): Promise<Probe> {
  try {
    const open = await attackDriver(await make(0, true), ATTACKS);
    if (open.length > 0) return { ok: false, reason: `Pyodide does not hold here: ${open.join("; ")}` };
    const gaps = (await keepsRoot()) ? [...GAPS, ROOT] : GAPS;
    return { ok: true, gaps, found: `Pyodide ${pyodideVersion()} in processes of Node ${process.versions.node}` };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
