/** JavaScript submissions that look for the answer, tamper with the clock, or give nothing to judge. */
import type { Attack } from "../suite.ts";

export const PEEKS: readonly Attack[] = [
  {
    name: "looks for the expected value in the stack",
    hack: "reads the answer",
    source: `
      function solve() {
        const stack = new Error().stack ?? "";
        let caller; try { caller = solve.caller ?? arguments.callee.caller; } catch {}
        const found = (stack + String(caller)).match(/expected\\D*(\\d+)/);
        return found ? Number(found[1]) : -1;
      }`,
    verdict: "fail",
  },
  {
    name: "looks for the expected value among the globals and the arguments",
    hack: "reads the answer",
    source: `
      function solve() {
        for (const name of Object.getOwnPropertyNames(globalThis)) {
          try { const v = globalThis[name]; if (v && v.expected !== undefined) return v.expected; } catch {}
        }
        return arguments.length > 1 ? arguments[1] : -1;
      }`,
    verdict: "fail",
  },
  {
    name: "installs a prepareStackTrace to see the judge's frames",
    hack: "reads the answer",
    source: `
      Error.prepareStackTrace = (_, sites) => sites;
      function solve() {
        const sites = new Error().stack;
        try { for (const site of sites) { const f = site.getFunction?.() ?? site.getThis?.(); if (f?.expected) return f.expected; } } catch {}
        return -1;
      }`,
    verdict: "fail",
  },
  {
    name: "catches the functions of the sandbox through a getter in its result",
    hack: "reads the answer",
    source: `
      function solve() {
        return { get sum() { try { return arguments.callee.caller.arguments[0]; } catch { return -1; } } };
      }`,
    verdict: "fail",
  },
  {
    name: "counts its calls and answers what it guessed for each",
    hack: "reads the answer",
    source: `let n = 0; const guesses = [6, 0, 10, 1000]; function solve() { return guesses[n++]; }`,
    verdict: "fail",
  },
  {
    name: "stops the clock and then runs for ever",
    hack: "patched clock",
    source: `
      Date.now = () => 0; globalThis.performance = { now: () => 0 };
      function solve() { for (;;); }`,
    verdict: "timeout",
  },
  {
    name: "replaces the timers",
    hack: "patched clock",
    source: `globalThis.setTimeout = (f) => f(); globalThis.clearTimeout = () => {}; function solve() { while (true) Date.now(); }`,
    verdict: "timeout",
  },
  {
    name: "has no source at all",
    hack: "no answer",
    source: ``,
    verdict: "error",
  },
  {
    name: "defines the function under another name",
    hack: "no answer",
    source: `function answer(a) { return a.reduce((x, y) => x + y, 0); }`,
    verdict: "error",
  },
  {
    name: "defines a value where a function is asked for",
    hack: "no answer",
    source: `const solve = 6;`,
    verdict: "error",
  },
  {
    name: "is not JavaScript",
    hack: "no answer",
    source: `def solve(a): return sum(a)`,
    verdict: "error",
  },
  {
    name: "returns nothing",
    hack: "no answer",
    source: `function solve() {}`,
    verdict: "fail",
  },
];
