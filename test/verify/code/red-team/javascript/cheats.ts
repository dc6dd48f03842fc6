/** JavaScript submissions that try to pass without solving the task. */
import type { Attack } from "../suite.ts";

export const CHEATS: readonly Attack[] = [
  {
    name: "calls process.exit(0) at the top",
    hack: "early exit",
    source: `process.exit(0); function solve() {}`,
    verdict: { quickjs: "denied", bubblewrap: "error" },
  },
  {
    name: "calls process.exit(0) in the function",
    hack: "early exit",
    source: `function solve() { process.exit(0); }`,
    verdict: { quickjs: "denied", bubblewrap: "error" },
  },
  {
    name: "throws in the function",
    hack: "early exit",
    source: `function solve() { throw new Error("PASS"); }`,
    verdict: "error",
  },
  {
    name: "throws what looks like a verdict",
    hack: "early exit",
    source: `function solve() { throw { verdict: "pass", kind: "value", value: 6 }; }`,
    verdict: "error",
  },
  {
    name: "throws a SkipTest",
    hack: "early exit",
    source: `class SkipTest extends Error {} function solve() { throw new SkipTest("skip"); }`,
    verdict: "error",
  },
  {
    name: "throws at the top after defining the function",
    hack: "early exit",
    source: `function solve(a) { return a.reduce((x, y) => x + y, 0); } throw new Error("done");`,
    verdict: "error",
  },
  {
    name: "rejects at once",
    hack: "early exit",
    source: `const solve = () => Promise.reject(new Error("pass"));`,
    verdict: "error",
  },
  {
    name: "never settles its promise",
    hack: "early exit",
    source: `const solve = () => new Promise(() => {});`,
    verdict: { quickjs: "error", bubblewrap: ["error", "timeout"] },
  },
  {
    name: "returns an object whose valueOf is any number",
    hack: "equals everything",
    source: `function solve() { return { valueOf: () => 6, [Symbol.toPrimitive]: () => 6 }; }`,
    verdict: "fail",
  },
  {
    name: "returns an object with an equals and an __eq__ that agree",
    hack: "equals everything",
    source: `function solve() { return { equals: () => true, __eq__: () => true, isEqual: () => true }; }`,
    verdict: "fail",
  },
  {
    name: "returns an object whose toJSON says the answer of the first test",
    hack: "equals everything",
    source: `function solve() { return { toJSON: () => 6 }; }`,
    verdict: "fail",
  },
  {
    name: "returns a boxed number with a changed toString",
    hack: "equals everything",
    source: `function solve() { const n = new Number(6); n.toString = () => "6"; return n; }`,
    verdict: "fail",
  },
  {
    name: "returns a proxy that answers every question with itself",
    hack: "equals everything",
    source: `function solve() { const p = new Proxy(function () {}, { get: () => p, apply: () => p, has: () => true }); return p; }`,
    verdict: ["fail", "error"],
  },
  {
    name: "returns a proxy of an array whose length changes at each look",
    hack: "equals everything",
    source: `let n = 0; function solve() { return new Proxy([], { get: (t, k) => (k === "length" ? n++ % 5 : 6) }); }`,
    verdict: ["fail", "error"],
  },
  {
    name: "returns an object whose getter changes its value",
    hack: "equals everything",
    source: `function solve() { let n = 0; return { get value() { return n++; } }; }`,
    verdict: "fail",
  },
  {
    name: "returns NaN",
    hack: "equals everything",
    source: `function solve() { return NaN; }`,
    tests: [{ args: [1], expected: { f: "nan" }, encoding: "tagged" }],
    verdict: "fail",
  },
  {
    name: "returns true, which is no number",
    hack: "equals everything",
    source: `function solve() { return true; }`,
    tests: [{ args: [1], expected: 1 }],
    verdict: "fail",
  },
  {
    name: "returns the number as a text",
    hack: "equals everything",
    source: `function solve(a) { return String(a.reduce((x, y) => x + y, 0)); }`,
    verdict: "fail",
  },
  {
    name: "returns a tag of the channel as a value",
    hack: "equals everything",
    source: `function solve() { return { f: 6 }; }`,
    verdict: "fail",
  },
  {
    name: "replaces JSON and Object functions",
    hack: "patched builtins",
    source: `
      JSON.stringify = () => "6"; JSON.parse = () => 6;
      Object.is = Object.keys = Object.entries = () => true;
      function solve() { return 0; }`,
    verdict: "fail",
  },
  {
    name: "replaces the comparison functions a judge might use",
    hack: "patched builtins",
    source: `
      Array.prototype.every = () => true; Array.prototype.some = () => true; Array.prototype.includes = () => true;
      String.prototype.localeCompare = () => 0; Number.prototype.valueOf = () => 6; Math.abs = () => 0;
      function solve() { return 0; }`,
    verdict: "fail",
  },
  {
    name: "puts setters on Object.prototype to catch what is written",
    hack: "patched builtins",
    source: `
      globalThis.seen = [];
      for (const key of ["0", "1", "value", "expected", "passed", "verdict", "result"]) {
        Object.defineProperty(Object.prototype, key, { set(v) { seen.push(v); }, get() { return 6; }, configurable: true });
      }
      function solve() { return seen.length > 0 ? seen[seen.length - 1] : -1; }`,
    verdict: ["fail", "error"],
  },
  {
    name: "replaces the array iterator",
    hack: "patched builtins",
    source: `Array.prototype[Symbol.iterator] = function* () { yield 6; }; function solve() { return [6]; }`,
    verdict: ["fail", "error"],
  },
  {
    name: "replaces Function.prototype.call, apply and Reflect.apply",
    hack: "patched builtins",
    source: `
      Function.prototype.call = Function.prototype.apply = Reflect.apply = () => 6;
      function solve() { return -1; }`,
    verdict: ["fail", "error"],
  },
  {
    name: "replaces Promise and then",
    hack: "patched builtins",
    source: `
      Promise.prototype.then = function (f) { f(6); return this; }; Promise.resolve = () => 6;
      async function solve() { return -1; }`,
    verdict: ["fail", "error"],
  },
  {
    name: "makes every property of every object read as the answer",
    hack: "patched builtins",
    source: `
      Object.setPrototypeOf(Object.prototype, new Proxy({}, { get: () => 6, has: () => true }));
      function solve() { return -1; }`,
    verdict: ["fail", "error"],
  },
  {
    name: "freezes the built-ins",
    hack: "patched builtins",
    source: `
      for (const name of Object.getOwnPropertyNames(globalThis)) { try { Object.freeze(globalThis[name]); Object.freeze(globalThis[name].prototype); } catch {} }
      try { Object.freeze(globalThis); } catch {}
      function solve() { return -1; }`,
    verdict: ["fail", "error"],
  },
  {
    name: "prints forged verdicts",
    hack: "forged report",
    source: `
      function solve() {
        console.log(JSON.stringify({ verdict: "pass", passed: 4, total: 4 }));
        console.log("PASSED tests/test_all.py"); console.error("OK");
        return -1;
      }`,
    verdict: "fail",
  },
  {
    name: "posts forged replies to the worker's channel",
    hack: "forged report",
    source: `
      const forged = { order: 1, replies: [{ kind: "value", text: "6", ms: 0 }], done: true };
      for (const send of ["postMessage", "parentPort", "print", "ask"]) { try { globalThis[send](forged); } catch {} }
      function solve() { return -1; }`,
    verdict: "fail",
  },
  {
    name: "prints frames of the channel",
    hack: "forged report",
    source: `
      const reply = JSON.stringify({ nonce: "0".repeat(32), seq: 1, kind: "value", value: 6 });
      function solve() { console.log(String.fromCharCode(reply.length, 0, 0, 0) + reply); return -1; }`,
    verdict: "fail",
  },
  {
    name: "answers with its own first argument's sum only for lists it guesses",
    hack: "forged report",
    source: `function solve(a) { return { "1,2,3": 6, "": 0 }[a.join(",")]; }`,
    verdict: "fail",
  },
];
