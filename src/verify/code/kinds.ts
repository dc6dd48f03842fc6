/** The kinds of drivers that dojang has: for each language, the one to prefer first. */
import type { DriverKind } from "./driver.ts";
import { bubblewrap } from "./native/index.ts";
import { pyodide } from "./pyodide/index.ts";
import { quickjs } from "./quickjs/index.ts";

export const DRIVER_KINDS: readonly DriverKind[] = [quickjs, bubblewrap, pyodide];
