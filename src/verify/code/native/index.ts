/** The native kind of driver: interpreters of this machine, each box a process of its own under bubblewrap. */
import { GymError } from "../../../../protocol/errors.ts";
import type { DriverKind, DriverOptions } from "../driver.ts";
import type { Language } from "../types.ts";
import type { Tools } from "./bwrap-args.ts";
import { findGroups } from "./cgroup.ts";
import type { Interpreter } from "./interpreter.ts";
import { NativeDriver } from "./native-driver.ts";
import { findTools, probe } from "./probe.ts";
import { python } from "./python.ts";
import { findPython } from "./tools.ts";

/** Bytes of /tmp in a box. They count as memory where there are control groups, and apart from it elsewhere. */
const SCRATCH_BYTES = 64 * 2 ** 20;

export const bubblewrap: DriverKind = {
  name: "bubblewrap",
  languages: ["python"],
  probe: () => probe((tools) => make(tools, 0)),
  create({ boxes }: DriverOptions) {
    const tools = findTools();
    if (typeof tools === "string") {
      return Promise.reject(new GymError("VERIFIER_UNAVAILABLE", `driver bubblewrap: ${tools}`));
    }
    return Promise.resolve(make(tools, boxes));
  },
};

function make(tools: Tools, warm: number): NativeDriver {
  const interpreters = new Map<Language, Interpreter>();
  const path = findPython();
  if (path !== undefined) interpreters.set("python", python(path));
  return new NativeDriver(tools, interpreters, { warm, scratchBytes: SCRATCH_BYTES, groups: findGroups() });
}
