/** The native kind of driver: interpreters of this machine, each box a process of its own under bubblewrap. */
import { GymError } from "../../../../protocol/errors.ts";
import type { Driver, DriverKind, DriverOptions } from "../driver.ts";
import type { Interpreter } from "../process/interpreter.ts";
import { ProcessDriver } from "../process/process-driver.ts";
import type { Language } from "../types.ts";
import { boxed } from "./boxed.ts";
import type { Tools } from "./bwrap-args.ts";
import { findGroups } from "./cgroup.ts";
import { javascript } from "./javascript.ts";
import { endOrphans } from "./orphans.ts";
import { findTools, probe } from "./probe.ts";
import { python } from "./python.ts";
import { findPython } from "./tools.ts";

export const bubblewrap: DriverKind = {
  name: "bubblewrap",
  languages: ["python", "javascript", "typescript"],
  probe: () => probe((tools) => make(tools, 0)),
  create({ boxes }: DriverOptions) {
    const tools = findTools();
    if (typeof tools === "string") {
      return Promise.reject(new GymError("VERIFIER_UNAVAILABLE", `driver bubblewrap: ${tools}`));
    }
    return Promise.resolve(make(tools, boxes));
  },
};

function make(tools: Tools, warm: number): Driver {
  endOrphans(tools.bwrap);
  const walls = { tools, groups: findGroups() };
  const interpreters = new Map<Language, Interpreter>();
  const path = findPython();
  if (path !== undefined) interpreters.set("python", boxed(python(path), walls));
  interpreters.set("javascript", boxed(javascript(tools.prlimit, false), walls));
  interpreters.set("typescript", boxed(javascript(tools.prlimit, true), walls));
  return new ProcessDriver("bubblewrap", interpreters, warm);
}
