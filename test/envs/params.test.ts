/** Params of every built-in environment: what lies out of range is refused with the range, at the edges it is taken or refused for a reason of the env's own. */
import { describe, expect, it } from "vitest";
import { resolveParams, type AnyParam, type AnyPlugin } from "dojang/env";
import { byId } from "./built-in.ts";

/** A value that the parameter must refuse, and what the error must say. */
interface Wrong {
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly says: string;
}

const of = (path: string, param: AnyParam, put: (value: unknown) => Record<string, unknown>): Wrong[] => {
  const wrong = (value: unknown, says: string): Wrong => ({ path, params: put(value), says });
  switch (param.type) {
    case "int":
    case "real": {
      const noun = param.type === "int" ? "an integer" : "a finite number";
      const range = `${noun} in ${param.min}..${param.max}`;
      const beyond = [param.min - 1, param.max + 1].filter((value) => value < param.min || value > param.max);
      const odd = param.type === "int" ? [param.default + 0.5] : [Infinity];
      return [...beyond, ...odd, NaN, "1", null].map((value) => wrong(value, `expected ${range}, got`));
    }
    case "flag":
      return [0, "true", null].map((value) => wrong(value, "expected true or false, got"));
    case "choice":
      return ["no such choice", -1].map((value) => wrong(value, `expected one of ${param.of.map((item) => JSON.stringify(item)).join(", ")}, got`)); // prettier-ignore
    case "string":
      return [wrong(7, `expected a string of at most ${param.maxLength} characters`)];
    case "list": {
      const long = new Array<unknown>(param.maxLength + 1).fill(param.element.default);
      const items = of(`${path}[0]`, param.element, (value) => put([value]));
      return [wrong(long, `expected a list of at most ${param.maxLength}`), wrong("x", "expected a list of at most"), ...items]; // prettier-ignore
    }
    case "record":
      return Object.entries(param.fields).flatMap(([name, field]) =>
        of(`${path}.${name}`, field, (value) => put({ [name]: value })),
      );
  }
};

const wrongFor = ({ params = {} }: AnyPlugin): Wrong[] =>
  Object.entries(params).flatMap(([name, param]) => of(name, param, (value) => ({ [name]: value })));

/** Has it a sentence of its own, or one for each of its fields? */
const hasDoc = (param: AnyParam): boolean =>
  /^\S+ .*\.$/.test(param.doc ?? "") || (param.type === "record" && Object.values(param.fields).every(hasDoc));

describe.each(byId)("the params of %s", (id, plugin) => {
  it("refuse what is out of range, naming the param and the range", () => {
    const wrong = wrongFor(plugin);
    expect(wrong.length).toBeGreaterThan(0);
    for (const { path, params, says } of wrong) {
      const message = `${id}: param ${path}: ${says}`;
      expect(() => resolveParams(plugin, params, { operator: true }), JSON.stringify(params)).toThrow(message);
      expect(() => resolveParams(plugin, params, { operator: true })).toThrow(
        expect.objectContaining({ code: "BAD_PARAM" }),
      );
    }
  });
  it("have a sentence each, and a default within their range", () => {
    const undocumented = Object.entries(plugin.params ?? {}).filter(([, param]) => !hasDoc(param));
    expect(undocumented.map(([name]) => name)).toEqual([]);
    expect(Object.keys(resolveParams(plugin))).toEqual(Object.keys(plugin.params ?? {}));
  });
});
