/** Starts Pyodide once, with the first program of every box in it, and writes its memory to stdout. */
import fs from "node:fs";
import { Gate } from "./imports.ts";
import { loadBehind } from "./load.ts";

/** What every box runs first. */
const source = fs.readFileSync(0, "utf8");
const pyodide = await loadBehind(new Gate(), process.argv[2] ?? "", { _makeSnapshot: true });
pyodide.runPython(source);
process.stdout.write(pyodide.makeMemorySnapshot(), () => process.exit(0));
