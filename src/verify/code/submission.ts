/** Checks a submission, which may come from a data file or over HTTP, and leaves nothing of it open. */
import { GymError } from "../../../protocol/errors.ts";
import { rulesOf, type Rules } from "./compare/rules.ts";
import type { Call } from "./driver.ts";
import type { Encoded } from "./encoded.ts";
import { encodeGiven } from "./from-json.ts";
import { withLimits } from "./limits.ts";
import { LANGUAGES, type Comparison, type Language, type Limits } from "./types.ts";

export interface FunctionCase {
  readonly kind: "function";
  readonly call: Call;
  /** Undefined: the call is to raise. */
  readonly expected?: Encoded;
  readonly raises?: string;
  readonly mutated?: readonly Encoded[];
}

export interface ScriptCase {
  readonly kind: "script";
  readonly stdin: string;
  readonly stdout: string;
  readonly status: number;
}

export interface ProgramCase {
  readonly kind: "program";
  readonly program: string;
  readonly names: readonly string[];
}

export type Case = FunctionCase | ScriptCase | ProgramCase;

export interface CheckedSubmission {
  readonly language: Language;
  readonly source: string;
  readonly cases: readonly Case[];
  readonly limits: Limits;
  readonly rules: Rules;
  readonly isolation: "submission" | "test";
}

export interface SubmissionBounds {
  readonly limits: Limits;
  /** What a submission may set its limits to, at most. */
  readonly maxLimits: Partial<Limits>;
  /** Most characters of a source, a test program, an input or an expected output. */
  readonly maxText: number;
  readonly maxTests: number;
}

type Fields = Readonly<Record<string, unknown>>;

const KNOWN = ["language", "entryPoint", "source", "tests", "limits", "compare", "isolation"];

/** @throws {GymError} BAD_PARAM naming the first field that is wrong; no tests at all is wrong, since nothing would be checked */
export function checkSubmission(given: unknown, bounds: SubmissionBounds): CheckedSubmission {
  const fields = object(given, "submission");
  const stranger = Object.keys(fields).find((name) => !KNOWN.includes(name));
  if (stranger !== undefined) throw bad("submission", KNOWN.join(", "), stranger);
  const { language, entryPoint, tests, isolation = "submission" } = fields;
  if (!isLanguage(language)) throw bad("language", LANGUAGES.join(", "), language);
  if (isolation !== "submission" && isolation !== "test") throw bad("isolation", "submission or test", isolation);
  if (!Array.isArray(tests) || tests.length === 0) throw bad("tests", "a list of at least one test", tests);
  if (tests.length > bounds.maxTests) throw bad("tests", `at most ${bounds.maxTests} tests`, tests.length);
  // Checked field by field there; the type only says so.
  const rules = rulesOf(fields["compare"] as Comparison | undefined);
  return {
    language,
    source: text(fields["source"], "source", bounds.maxText),
    cases: tests.map((test: unknown, i) =>
      caseOf(test, { entryPoint, where: `tests[${i}]`, maxText: bounds.maxText, decided: rules.checker !== undefined }),
    ),
    limits: withLimits(bounds.limits, fields["limits"], bounds.maxLimits),
    rules,
    isolation,
  };
}

interface Asked {
  readonly entryPoint: unknown;
  readonly where: string;
  readonly maxText: number;
  /** A checker decides: nothing need be expected. */
  readonly decided: boolean;
}

function caseOf(given: unknown, asked: Asked): Case {
  const { where, maxText } = asked;
  const test = object(given, where);
  if ("program" in test) return programCase(test, where, maxText);
  if ("stdin" in test || "stdout" in test) return scriptCase(test, where, maxText);
  if ("args" in test) return functionCase(test, asked);
  throw bad(where, "a test with args, with stdin and stdout, or with program", given);
}

function functionCase(test: Fields, { entryPoint, where, decided }: Asked): FunctionCase {
  only(test, ["args", "expected", "raises", "mutated", "encoding"], where);
  const { args, raises, mutated, encoding = "json" } = test;
  if (encoding !== "json" && encoding !== "tagged") throw bad(`${where}.encoding`, "json or tagged", encoding);
  if (typeof entryPoint !== "string" || entryPoint === "")
    throw bad("entryPoint", "the name of a function", entryPoint);
  const compared = "expected" in test || raises !== undefined || mutated !== undefined;
  if (!compared && !decided) throw bad(where, "expected, raises or mutated", test);
  if ("expected" in test && raises !== undefined) throw bad(where, "either expected or raises", test);
  const list = (value: unknown, name: string): readonly Encoded[] => {
    if (!Array.isArray(value)) throw bad(`${where}.${name}`, "a list", value);
    return value.map((item: unknown, i) => encodeGiven(item, encoding, `${where}.${name}[${i}]`));
  };
  return {
    kind: "function",
    call: { name: entryPoint, args: list(args, "args"), ...(mutated === undefined ? {} : { mutated: true }) },
    ...("expected" in test ? { expected: encodeGiven(test["expected"], encoding, `${where}.expected`) } : {}),
    ...(raises === undefined ? {} : { raises: text(raises, `${where}.raises`, 200) }),
    ...(mutated === undefined ? {} : { mutated: list(mutated, "mutated") }),
  };
}

function scriptCase(test: Fields, where: string, maxText: number): ScriptCase {
  only(test, ["stdin", "stdout", "status"], where);
  const { stdin, stdout, status = 0 } = test;
  if (typeof status !== "number" || !Number.isInteger(status) || status < 0 || status > 255) {
    throw bad(`${where}.status`, "an integer from 0 to 255", status);
  }
  const read = (value: unknown, name: string): string => text(value, `${where}.${name}`, maxText);
  return { kind: "script", stdin: read(stdin, "stdin"), stdout: read(stdout, "stdout"), status };
}

function programCase(test: Fields, where: string, maxText: number): ProgramCase {
  only(test, ["program", "names"], where);
  const { names } = test;
  if (!Array.isArray(names) || names.length === 0) throw bad(`${where}.names`, "a list of at least one name", names);
  return {
    kind: "program",
    program: text(test["program"], `${where}.program`, maxText),
    names: names.map((name: unknown, i) => text(name, `${where}.names[${i}]`, 200)),
  };
}

const isLanguage = (value: unknown): value is Language => LANGUAGES.some((language) => language === value);

const bad = (where: string, expected: string, received: unknown): GymError =>
  new GymError("BAD_PARAM", where, { expected, received });

function object(value: unknown, where: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad(where, "an object", value);
  return value as Fields;
}

function only(test: Fields, names: readonly string[], where: string): void {
  const stranger = Object.keys(test).find((name) => !names.includes(name));
  if (stranger !== undefined) throw bad(where, names.join(", "), stranger);
}

function text(value: unknown, where: string, most: number): string {
  if (typeof value !== "string") throw bad(where, "a text", value);
  if (value.length > most) throw bad(where, `at most ${most} characters`, value.length);
  return value;
}
