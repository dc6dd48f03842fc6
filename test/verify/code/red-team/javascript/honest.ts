/** JavaScript submissions that solve their task, each in another way or with another part of the language: all pass. */
import type { FunctionTest, Test } from "../../../../../src/verify/code/types.ts";
import { SUMS, type Honest } from "../suite.ts";

const sums = (name: string, source: string, entryPoint = "solve"): Honest => ({
  name,
  source,
  entryPoint,
  tests: SUMS,
});

const returns = (name: string, source: string, args: readonly unknown[], expected: unknown): Honest => ({
  name,
  source,
  tests: [{ args, expected }],
});

const tagged = (name: string, source: string, args: readonly unknown[], expected: unknown): Honest => ({
  name,
  source,
  tests: [{ args, expected, encoding: "tagged" }],
});

const raises = (name: string, source: string, type: string): Honest => ({
  name,
  source,
  tests: [{ args: [null], raises: type } satisfies FunctionTest],
});

const program = (name: string, source: string, ...tests: readonly Test[]): Honest => ({ name, source, tests });

export const HONEST: readonly Honest[] = [
  sums("a function declaration", "function solve(a) { let s = 0; for (const x of a) s += x; return s; }"),
  sums("an arrow in a const", "const solve = (a) => a.reduce((x, y) => x + y, 0);"),
  sums("a let that is set later", "let solve; solve = function (a) { return a.reduce((x, y) => x + y, 0); };"),
  sums("a property of the global object", "globalThis.solve = (a) => a.reduce((x, y) => x + y, 0);"),
  sums("a var in sloppy mode with an undeclared variable", "total = 0; var solve = function (a) { total = 0; for (i in a) total += a[i]; return total; };"), // prettier-ignore
  sums("an exported function", "export function solve(a) {\n  return a.reduce((x, y) => x + y, 0);\n}"),
  sums("an export at the end", "const solve = (a) => a.reduce((x, y) => x + y, 0);\nexport { solve };"),
  sums("a default export and a named one", "export const solve = (a) => a.reduce((x, y) => x + y, 0);\nexport default solve;"), // prettier-ignore
  sums("module.exports of an object", "function add(a) { return a.reduce((x, y) => x + y, 0); }\nmodule.exports = { solve: add };"), // prettier-ignore
  sums("a guarded module.exports", "function solve(a) { return a.reduce((x, y) => x + y, 0); }\nif (typeof module !== 'undefined') module.exports = { solve };"), // prettier-ignore
  sums("a look whether there is a process", "const isNode = typeof process !== 'undefined';\nfunction solve(a) { return a.reduce((x, y) => x + y, 0); }"), // prettier-ignore
  sums("an async function", "async function solve(a) { let s = 0; for (const x of a) s += await x; return s; }"),
  sums("a promise after a timer", "const solve = (a) => new Promise((r) => setTimeout(() => r(a.reduce((x, y) => x + y, 0)), 50));"), // prettier-ignore
  sums("an interval that is cleared", "const solve = (a) => new Promise((r) => { let n = 0, s = 0; const t = setInterval(() => { if (n >= a.length) { clearInterval(t); r(s); } else s += a[n++]; }, 1); });"), // prettier-ignore
  sums("prints while it works", "function solve(a) { console.log('in', a, { n: a.length }); console.error('warn'); return a.reduce((x, y) => x + y, 0); }"), // prettier-ignore
  sums("a recursion", "const solve = ([x, ...rest]) => (x === undefined ? 0 : x + solve(rest));"),
  sums("a class with private fields", "class Sum { #s = 0; add(x) { this.#s += x; return this; } get value() { return this.#s; } }\nconst solve = (a) => a.reduce((s, x) => s.add(x), new Sum()).value;"), // prettier-ignore
  sums("generators inside", "function* each(a) { yield* a; }\nconst solve = (a) => { let s = 0; for (const x of each(a)) s += x; return s; };"), // prettier-ignore
  sums("BigInt for an integer", "const solve = (a) => a.reduce((x, y) => x + BigInt(y), 0n);"),
  sums("typed arrays", "const solve = (a) => Float64Array.from(a).reduce((x, y) => x + y, 0);"),
  sums("a name beyond ASCII", "const söl_ve$ = (a) => a.reduce((x, y) => x + y, 0);", "söl_ve$"),
  sums("its own helper on Array.prototype", "Array.prototype.total = function () { return this.reduce((x, y) => x + y, 0); };\nconst solve = (a) => a.total();"), // prettier-ignore
  returns("a float by its usual rounding error", "const solve = (a, b) => a + b;", [0.1, 0.2], 0.3),
  returns("-0 for 0", "const solve = () => -0;", [], 0),
  returns("a float that is integral", "const solve = (x) => x / 2;", [4], 2),
  returns(
    "a text of many alphabets",
    "const solve = (s) => [...s].reverse().join('');",
    ["añ日😀\u0000"],
    "\u0000😀日ña",
  ),
  returns("nested objects in another order", "const solve = (k) => ({ b: [1, { c: k }], a: null });", ["x"], { a: null, b: [1, { c: "x" }] }), // prettier-ignore
  returns("an object with hostile names of keys", "const solve = () => ({ f: 1, __proto__x: 2, constructor: 3, then: 4 });", [], { f: 1, __proto__x: 2, constructor: 3, then: 4 }), // prettier-ignore
  returns("an own __proto__", 'const solve = (o) => JSON.parse(JSON.stringify(o));', [JSON.parse('{"__proto__": 5}')], JSON.parse('{"__proto__": 5}')), // prettier-ignore
  returns("nothing where null is expected", "function solve() {}", [], null),
  returns("an instance of its own class", "class P { constructor(x) { this.x = x; } m() {} }\nconst solve = (x) => new P(x);", [1], { x: 1 }), // prettier-ignore
  returns("ten thousand elements", "const solve = (n) => Array.from({ length: n }, (_, i) => i);", [10_000], Array.from({ length: 10_000 }, (_, i) => i)), // prettier-ignore
  tagged("a Map", "const solve = (a) => new Map(a.map((x) => [x, x * x]));", [[1, 2]], { m: [[2, 4], [1, 1]] }), // prettier-ignore
  tagged("a Set in any order", "const solve = (a) => new Set(a);", [[3, 1, 3, 2]], { s: [1, 2, 3] }),
  tagged("bytes", "const solve = (b) => b.map((x) => x + 1);", [{ b: "AAEC" }], { b: "AQID" }),
  tagged("an infinity", "const solve = (x) => 1 / x;", [0], { f: "inf" }),
  tagged("a large integer", "const solve = (n) => n * n;", [{ i: "12345678901234567890" }], { i: "152415787532388367501905199875019052100" }), // prettier-ignore
  tagged("a generator", "function* solve(n) { for (let i = 0; i < n; i++) yield i; }", [3], [0, 1, 2]),
  raises("a TypeError where one is due", "const solve = (x) => x.length;", "TypeError"),
  raises("an exception of its own class", "class NotFound extends Error {}\nfunction solve() { throw new NotFound('x'); }", "NotFound"), // prettier-ignore
  { ...program("a list changed in place", "function solve(a) { a.sort((x, y) => x - y); }", { args: [[3, 1, 2]], mutated: [[1, 2, 3]] }) }, // prettier-ignore
  { ...program("any order", "const solve = (a) => a.reverse();", { args: [[1, [2], 2]], expected: [1, 2, [2]] }), compare: { unordered: true } }, // prettier-ignore
  program("a script that reads lines", "let l, s = 0; while ((l = readline()) !== null) s += Number(l);\nconsole.log(s);", { stdin: "1\n2\n", stdout: "3" }), // prettier-ignore
  program("a script that reads its input as Node does", "const lines = require('fs').readFileSync(0, 'utf8').trim().split('\\n');\nconsole.log(lines.length);", { stdin: "a\nb\n", stdout: "2\n" }), // prettier-ignore
  program("a test program", "function add(a, b) { return a + b; }", { program: "if (add(2, 3) !== 5) throw new Error('add');", names: ["add"] }), // prettier-ignore
];
