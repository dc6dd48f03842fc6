/** Runs inside the sandbox: how a script reads its input, as shells and as Node do. */
import type { Primordials } from "./primordials.ts";

/** Defines `readline()`, which gives the next line or null, and `require("fs").readFileSync(0)`, which gives all of it. */
export function inputOf(P: Primordials, text: string, define: (name: string, value: unknown) => void): void {
  let at = 0;
  const readline = (): string | null => {
    if (at >= text.length) return null;
    let end = at;
    while (end < text.length && text[end] !== "\n") end++;
    const line = P.apply<string>(P.slice, text, [at, end]);
    at = end + 1;
    return line;
  };
  const readFileSync = (file: unknown): string => {
    if (file === 0 || file === "/dev/stdin") return text;
    throw P.failure("Error", "EACCES: permission denied, only the input can be read");
  };
  define("readline", readline);
  define("require", (name: unknown) => {
    if (name === "fs" || name === "node:fs") return { readFileSync };
    throw P.failure("Error", "EACCES: permission denied, only the input can be read");
  });
}
