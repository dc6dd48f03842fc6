/** Values on their way into a QuickJS box and back: every type, and whatever the submission has done to its built-ins. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { differs } from "../../../src/verify/code/compare/compare.ts";
import { rulesOf } from "../../../src/verify/code/compare/rules.ts";
import type { Box, Call, Driver, OpenOptions, Reply } from "../../../src/verify/code/driver.ts";
import type { Encoded } from "../../../src/verify/code/encoded.ts";
import { DEFAULT_LIMITS } from "../../../src/verify/code/index.ts";
import { quickjs } from "../../../src/verify/code/quickjs/index.ts";
import { encodedValues } from "./arbitraries.ts";

let driver: Driver;
beforeAll(async () => void (driver = await quickjs.create({ boxes: 4 })));
afterAll(() => driver.close());

async function open(source: string, imports?: readonly string[], forward?: OpenOptions["forward"]): Promise<Box> {
  const program = { language: "javascript" as const, source, ...(imports === undefined ? {} : { imports }) };
  const box = await driver.open(program, { limits: DEFAULT_LIMITS, ...(forward === undefined ? {} : { forward }) });
  onTestFinished(() => box.close());
  return box;
}

/** A complex number and a key that is no text have no place in JavaScript's own types. */
const hasJavaScript = (value: Encoded): boolean => !JSON.stringify(value).includes('{"c":');

describe("values", () => {
  it("come back as they went in, changed or not, 300 at random", async () => {
    const box = await open("const same = (x) => x; function wrap(x) { return { in: [x] }; }");
    const values = fc.sample(encodedValues.filter(hasJavaScript), { numRuns: 300, seed: 7 });
    const replies = await box.call(values.map((value) => ({ name: "same", args: [value], mutated: true })));
    const rules = rulesOf({ nanEqual: true });
    for (const [i, reply] of replies.entries()) {
      expect(reply.kind, JSON.stringify(values[i])).toBe("value");
      if (reply.kind !== "value") continue;
      expect(differs(reply.value, values[i]!, rules), JSON.stringify([values[i], reply.value])).toBeUndefined();
      expect(reply.args).toEqual([reply.value]);
    }
    const [wrapped] = await box.call([{ name: "wrap", args: [{ i: "5" }] }]);
    expect(wrapped).toMatchObject({ value: { d: [["in", [{ i: "5" }]]] } });
  });

  it.each<[string, string, Encoded]>([
    ["holes of an array", "[1, , 3]", [1, { u: 0 }, 3]],
    ["a date", "new Date(0)", { o: "Date" }],
    ["a function", "() => 1", { o: "function" }],
    ["an error", "new TypeError('x')", { o: "Error" }],
    ["a promise inside a list", "[Promise.resolve(1)]", [{ o: "Promise" }]],
    ["a boxed number", "new Number(3)", { o: "Number" }],
    ["2 to the 53rd", "2 ** 53", { f: 9007199254740992 }],
    ["the largest float", "Number.MAX_VALUE", { f: Number.MAX_VALUE }],
    ["the smallest float", "5e-324", 5e-324],
    ["a typed array", "Int16Array.of(-1, 2)", [-1, 2]],
    ["three bytes and a part", "Uint8Array.of(1, 2, 3, 255)", { b: "AQID/w==" }],
    ["a record without a prototype", "Object.assign(Object.create(null), { a: 1 })", { d: [["a", 1]] }],
    ["only its own enumerable fields that are named by texts", "Object.defineProperty(Object.create({ p: 1 }, { q: { value: 2 } }), 'r', { value: 3, enumerable: true })", { d: [["r", 3]] }], // prettier-ignore
    ["a getter by what it gives", "({ get x() { return 4; } })", { d: [["x", 4]] }],
    ["a subclass of Map", "new (class extends Map {})([[1, 2]])", { m: [[1, 2]] }],
    ["an iterator of a Map", "new Map([[1, 2]]).keys()", { it: [1] }],
    ["a lone surrogate", "'\\ud800'", "\ud800"],
    ["quotes, zero bytes and line separators", "'\"\\u0000\\u2028'", '"\u0000\u2028'],
  ])("give %s", async (_, source, expected) => {
    const box = await open(`function f() { return ${source}; }`);
    expect(await box.call([{ name: "f", args: [] }])).toMatchObject([{ kind: "value", value: expected }]);
  });
});

/** What a submission may do to the language before it answers rightly. */
const HOSTILE: readonly (readonly [name: string, source: string])[] = [
  ["iteration", "Array.prototype[Symbol.iterator] = Map.prototype[Symbol.iterator] = () => { throw 1; };"],
  ["setters on Object.prototype", "for (const k of ['0','1','value','get','set','length','type','in','d','kind']) Object.defineProperty(Object.prototype, k, { __proto__: null, get() { return 9; }, set() { throw 2; }, configurable: true });"], // prettier-ignore
  ["setters on Array.prototype", "for (let i = 0; i < 20; i++) Object.defineProperty(Array.prototype, i, { set() { throw 3; }, configurable: true });"], // prettier-ignore
  ["JSON and Reflect", "JSON.stringify = JSON.parse = () => '0'; for (const k of Object.keys(Object.getOwnPropertyDescriptors(Reflect))) Reflect[k] = () => { throw 4; };"], // prettier-ignore
  ["methods of strings, maps and sets", "String.prototype.slice = String.prototype.charCodeAt = Map.prototype.forEach = Set.prototype.add = Map.prototype.set = () => { throw 5; };"], // prettier-ignore
  ["call, apply and bind", "Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => { throw 6; };"], // prettier-ignore
  ["toString and toJSON", "Object.prototype.toString = Object.prototype.toJSON = String.prototype.toJSON = Array.prototype.toJSON = Number.prototype.toString = () => { throw 7; };"], // prettier-ignore
  ["the globals", "for (const k of ['Array','Object','Map','Set','Uint8Array','BigInt','JSON','Reflect','String','Number','Symbol','Promise','Error']) globalThis[k] = undefined;"], // prettier-ignore
  ["Promise.prototype.then", "Promise.prototype.then = () => { throw 8; };"],
];

it.each(HOSTILE)(
  "a box whose submission has broken %s still takes its arguments and gives its answer",
  async (_, source) => {
    const box = await open(`${source}\nfunction f(a) { return a; }`);
    const value: Encoded = {
      d: [["k", [1, { s: [2] }, { m: [[3, 4.5]] }, { b: "AQI=" }, { i: "12345678901234567890" }, null, "t"]]],
    };
    expect(await box.call([{ name: "f", args: [value] }])).toMatchObject([{ kind: "value", value }]);
  },
);

describe("forwarded calls", () => {
  /** What `program` makes of a submission that answers with `reply`. */
  async function program(source: string, reply: Reply): Promise<{ outcome: Reply; asked: readonly Call[] }> {
    const asked: Call[] = [];
    const box = await open(source, ["candidate"], (call) => {
      asked.push(call);
      return Promise.resolve(reply);
    });
    return { outcome: await box.load(), asked };
  }

  it("carry arguments of every type there and the answer back", async () => {
    const source =
      "const got = candidate(1, [2n], new Map([[3, 4]])); if (!(got instanceof Set) || got.size !== 2) throw got;";
    const { outcome, asked } = await program(source, { kind: "value", value: { s: [1, 2] }, ms: 0 });
    expect(outcome).toMatchObject({ kind: "value" });
    expect(asked).toMatchObject([{ name: "candidate", args: [1, [{ i: "2" }], { m: [[3, 4]] }] }]);
  });

  it("throw what the submission threw, by its type and message", async () => {
    const raised = (type: string): Reply => ({ kind: "exception", type, message: "m", ms: 0 });
    const source = (test: string): string => `try { candidate(); } catch (e) { if (!(${test})) throw e; } `;
    expect(
      (await program(source("e instanceof TypeError && e.message === 'm'"), raised("TypeError"))).outcome.kind,
    ).toBe("value");
    expect((await program(source("e instanceof Error && e.name === 'Mine'"), raised("Mine"))).outcome.kind).toBe(
      "value",
    );
    expect((await program("candidate();", raised("Mine"))).outcome).toMatchObject({
      kind: "exception",
      type: "Mine",
      message: "m",
    });
  });
});
