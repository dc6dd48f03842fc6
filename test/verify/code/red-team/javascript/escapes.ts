/** JavaScript submissions that reach for the host: its functions, files, network, processes and environment. */
import { SUMS, type Attack } from "../suite.ts";

/** Returns what it found; nothing found is the wrong answer of an honest sandbox. */
const finds = (body: string): string => `function solve() { try { ${body} } catch {} return -1; }`;

/** The value that the host's environment holds while the suite runs: whoever returns it has got out. */
export const CANARY = "canary-7f3a90";

export const ESCAPES: readonly Attack[] = [
  {
    name: "reads the environment through the Function constructor",
    hack: "escape",
    source: `const solve = () => (() => {}).constructor("return process.env.DOJANG_CANARY ?? -1")();`,
    verdict: { quickjs: "denied", bubblewrap: "fail" },
  },
  {
    name: "reads the environment through the constructor of its argument",
    hack: "escape",
    source: `const solve = (a) => a.constructor.constructor("return process")().env.DOJANG_CANARY ?? -1;`,
    verdict: { quickjs: "denied", bubblewrap: "fail" },
  },
  {
    name: "reads the environment through the constructor of console.log",
    hack: "escape",
    source: `const solve = () => console.log.constructor("return globalThis.process")()?.env?.DOJANG_CANARY ?? -1;`,
    verdict: "fail",
  },
  {
    name: "requires child_process",
    hack: "escape",
    source: `const { execSync } = require("child_process"); const solve = () => String(execSync("id"));`,
    verdict: { quickjs: "denied", bubblewrap: ["denied", "error", "fail"] },
  },
  {
    name: "imports fs as a module and reads /etc/passwd",
    hack: "escape",
    source: `import { readFileSync } from "node:fs";\nexport function solve() { return readFileSync("/etc/passwd", "utf8"); }`,
    verdict: { quickjs: "denied", bubblewrap: ["denied", "error"] },
  },
  {
    name: "imports a file of the host dynamically",
    hack: "escape",
    source: `async function solve() { return (await import("/etc/hostname")).default; }`,
    verdict: { quickjs: "denied", bubblewrap: ["denied", "error"] },
  },
  {
    name: "uses QuickJS's own std and os modules",
    hack: "escape",
    source: `import * as std from "std";\nimport * as os from "os";\nexport function solve() { return std.getenv?.("DOJANG_CANARY") ?? -1; }`,
    verdict: { quickjs: "denied", bubblewrap: ["denied", "error"] },
  },
  {
    name: "looks for std, os, bjson and scriptArgs among the globals",
    hack: "escape",
    source: finds(
      `for (const n of ["std", "os", "bjson", "scriptArgs", "print", "load", "gc"]) if (globalThis[n]) return n;`,
    ),
    verdict: "fail",
  },
  {
    name: "looks for the emscripten module and its memory",
    hack: "escape",
    source: finds(
      `for (const n of ["Module", "HEAP8", "HEAPU8", "WebAssembly", "FS", "wasmMemory"]) if (globalThis[n]) return n;`,
    ),
    verdict: { quickjs: "fail", bubblewrap: "fail" },
  },
  {
    name: "throws through the host's function and climbs from the error",
    hack: "escape",
    source: `
      function solve() {
        try { console.log({ get x() { throw new Error("up"); } }); } catch (e) {
          return e.constructor.constructor("return typeof process === 'undefined' ? -1 : process.env.DOJANG_CANARY")();
        }
        return -1;
      }`,
    verdict: "fail",
  },
  {
    name: "calls console.log with the wrong this and a hostile argument",
    hack: "escape",
    source: `
      function solve() {
        console.log.call(null, { toString() { throw 1; } }, Symbol("x"), new Proxy({}, { ownKeys() { throw 2; } }), 10n ** 5000n);
        return -1;
      }`,
    verdict: "fail",
  },
  {
    name: "fetches a page",
    hack: "network",
    source: `const solve = async () => (await fetch("http://127.0.0.1:80/")).status;`,
    verdict: { quickjs: "denied", bubblewrap: ["denied", "error"] },
  },
  {
    name: "opens a WebSocket",
    hack: "network",
    source: `const solve = () => new Promise((r) => { const s = new WebSocket("ws://127.0.0.1:80/"); s.onopen = () => r(6); s.onerror = () => r(-1); });`,
    verdict: { quickjs: "denied", bubblewrap: ["denied", "error", "fail"] },
  },
  {
    name: "starts a thousand timers at once",
    hack: "processes",
    source: `const solve = () => new Promise((r) => { for (let i = 0; i < 100000; i++) setTimeout(() => {}, i); r(-1); });`,
    verdict: { quickjs: "error", bubblewrap: "fail" },
  },
  {
    name: "starts a worker",
    hack: "processes",
    source: `const solve = () => { new Worker("data:text/javascript,for(;;);"); return -1; };`,
    verdict: { quickjs: "denied", bubblewrap: ["denied", "error", "fail"] },
  },
  {
    name: "writes a file",
    hack: "files",
    source: `const solve = () => { require("fs").writeFileSync("/tmp/dojang-canary", "x"); return -1; };`,
    verdict: { quickjs: "denied", bubblewrap: ["denied", "fail", "error"] },
  },
  {
    name: "plants a wrong answer for whoever comes next",
    hack: "leaves something behind",
    source: `
      globalThis.planted = true; Array.prototype.reduce = () => 6; Object.prototype.planted = true;
      function solve() { return -1; }`,
    verdict: "fail",
  },
  {
    name: "passes only if an earlier submission planted something",
    hack: "leaves something behind",
    source: `function solve(a) { return globalThis.planted || {}.planted ? a.length : -1; }`,
    verdict: "fail",
  },
  {
    name: "answers only the first of two calls, from what the first one left",
    hack: "leaves something behind",
    source: `let left; function solve(a) { const was = left; left = a; return was === undefined ? 6 : was; }`,
    tests: SUMS,
    verdict: "fail",
  },
];
