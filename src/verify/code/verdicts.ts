/** From what a box replied to what became of a test. */
import { checkerNamed, type Checked, type Checkers } from "./checkers.ts";
import { differs } from "./compare/compare.ts";
import type { Rules } from "./compare/rules.ts";
import { sameText } from "./compare/text.ts";
import type { Ended, EndReason, Output, Raised, Reply, Returned } from "./driver.ts";
import type { Encoded } from "./encoded.ts";
import type { FunctionCase, ScriptCase } from "./submission.ts";
import type { TestResult, Verdict } from "./types.ts";

const OF_END: Readonly<Record<EndReason, Verdict>> = {
  exit: "error",
  timeout: "timeout",
  memory: "memory",
  output: "error",
  denied: "denied",
  crash: "error",
  protocol: "error",
  killed: "infrastructure",
  closed: "infrastructure",
  infrastructure: "infrastructure",
};

/** Longest detail, in characters. */
const MAX_DETAIL = 500;
/** Longest returned value that a result repeats, in characters of its encoding. */
const MAX_RETURNED = 2_000;

export interface Judging {
  readonly rules: Rules;
  readonly checkers: Checkers;
}

/** What became of a function test. */
export async function ofCall(test: FunctionCase, reply: Reply, judging: Judging): Promise<TestResult> {
  switch (reply.kind) {
    case "ended":
      return ofEnd(reply);
    case "exception":
      return test.raises === reply.type ? passed(reply.ms) : ofException(reply);
    case "value":
      return test.raises === undefined ? ofValue(test, reply, judging) : missed(reply, "returned and raised nothing");
  }
}

export function ofEnd({ reason, detail, ms }: Ended): TestResult {
  return failed(
    OF_END[reason],
    ms,
    reason === "exit" ? `ended by itself, before its answer was there (${detail})` : detail,
  );
}

export function ofException({ type, message, because, ms }: Raised): TestResult {
  return failed(because ?? "error", ms, `${type}: ${message}`);
}

async function ofValue(test: FunctionCase, reply: Returned, judging: Judging): Promise<TestResult> {
  const { rules, checkers } = judging;
  if (rules.checker !== undefined) {
    const checked = {
      args: test.call.args,
      ...expectedOf(test.expected),
      returned: reply.value,
      ...mutatedOf(reply.args),
    };
    return ofChecker(rules.checker, checkers, checked, reply.ms);
  }
  try {
    const at = test.expected === undefined ? undefined : differs(reply.value, test.expected, rules);
    if (at !== undefined) return missed(reply, `not what was expected${at === "" ? "" : `, first at ${at}`}`);
    const after =
      test.mutated === undefined
        ? undefined
        : differs(reply.args ?? { u: 0 }, test.mutated, { ...rules, unordered: false });
    return after === undefined
      ? passed(reply.ms)
      : missed(reply, `its arguments are left in another state, first at ${after}`);
  } catch (error) {
    if (error instanceof RangeError) return failed("error", reply.ms, error.message);
    throw error;
  }
}

/** What became of a script test: only an end by itself, with the right status and the right output, passes. */
export async function ofScript(
  test: ScriptCase,
  reply: Reply,
  output: Output,
  { rules, checkers }: Judging,
): Promise<TestResult> {
  if (reply.kind === "exception") return ofException(reply);
  if (reply.kind === "value") return failed("infrastructure", reply.ms, "a script that came to no end");
  if (reply.reason !== "exit") return ofEnd(reply);
  if (reply.status !== test.status) return failed("error", reply.ms, `exit status ${reply.status ?? "unknown"}`);
  if (rules.checker !== undefined) {
    const checked = { args: [test.stdin], expected: test.stdout, returned: output.stdout };
    return ofChecker(rules.checker, checkers, checked, reply.ms);
  }
  return sameText(output.stdout, test.stdout, rules)
    ? passed(reply.ms)
    : failed("fail", reply.ms, "printed something else");
}

async function ofChecker(name: string, checkers: Checkers, checked: Checked, ms: number): Promise<TestResult> {
  const checker = checkerNamed(name, checkers);
  try {
    const verdict: unknown = await checker(checked);
    if (verdict === true) return passed(ms);
    if (verdict === false) return failed("fail", ms, `${name} says no`, checked.returned);
    return failed("infrastructure", ms, `the checker ${name} said neither true nor false`);
  } catch (error) {
    return failed(
      "infrastructure",
      ms,
      `the checker ${name} threw: ${error instanceof Error ? error.message : "no error"}`,
    );
  }
}

export const passed = (ms: number): TestResult => ({ verdict: "pass", ms });

export function failed(verdict: Verdict, ms: number, detail: string, returned?: Encoded): TestResult {
  const line = detail.replace(CONTROLS, " ").slice(0, MAX_DETAIL);
  const kept = returned !== undefined && JSON.stringify(returned).length <= MAX_RETURNED ? { returned } : {};
  return { verdict, ms, detail: line, ...kept };
}

/** What terminals and logs act on. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

const missed = (reply: Returned, why: string): TestResult =>
  failed("fail", reply.ms, `returned ${JSON.stringify(reply.value).slice(0, 200)}: ${why}`, reply.value);

const expectedOf = (expected?: Encoded): { expected?: Encoded } => (expected === undefined ? {} : { expected });
const mutatedOf = (mutated?: readonly Encoded[]): { mutated?: readonly Encoded[] } =>
  mutated === undefined ? {} : { mutated };
