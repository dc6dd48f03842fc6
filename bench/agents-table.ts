/** Prints what `dojang bench agents` has measured so far as Markdown tables. */
import { fileURLToPath } from "node:url";
import { readRows } from "./agents/rows.ts";
import { tables } from "./agents/tables.ts";

console.log(tables(readRows(fileURLToPath(new URL("agents/results.jsonl", import.meta.url))).values()));
