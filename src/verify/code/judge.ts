/** Plays the tests of a submission in boxes of one driver and says what became of each. */
import type { Box, Call, Driver, EndReason, Output, Program, Raised, Reply } from "./driver.ts";
import { asGymError } from "../../../protocol/errors.ts";
import type { CheckedSubmission, FunctionCase, ProgramCase, ScriptCase } from "./submission.ts";
import type { TestResult } from "./types.ts";
import { failed, ofCall, ofEnd, ofException, ofScript, passed, type Judging } from "./verdicts.ts";

export interface Judged {
  /** One for each test, in order. */
  readonly tests: readonly TestResult[];
  /** What the submission printed in each of its boxes. */
  readonly outputs: readonly Output[];
  /** A box was killed by nobody we know: perhaps by the submission itself. */
  readonly killed: boolean;
}

/** Judges every test. Never rejects for what a submission does: that is a verdict. */
export async function judge(submission: CheckedSubmission, driver: Driver, judging: Judging): Promise<Judged> {
  const round = new Round(submission, driver, judging);
  await round.play();
  return round;
}

/** The attempt to judge one submission. */
class Round implements Judged {
  readonly tests: TestResult[] = [];
  readonly outputs: Output[] = [];
  killed = false;
  readonly #submission: CheckedSubmission;
  readonly #driver: Driver;
  readonly #judging: Judging;

  constructor(submission: CheckedSubmission, driver: Driver, judging: Judging) {
    this.#submission = submission;
    this.#driver = driver;
    this.#judging = judging;
  }

  async play(): Promise<void> {
    const { cases, isolation } = this.#submission;
    const together = cases.flatMap((test, i) => (test.kind === "function" ? [[i, test] as const] : []));
    const groups = isolation === "submission" ? [together] : together.map((test) => [test]);
    for (const group of groups) if (group.length > 0) await this.#functions(group);
    for (const [i, test] of cases.entries()) {
      if (test.kind === "script") this.tests[i] = await this.#script(test);
      if (test.kind === "program") this.tests[i] = await this.#program(test);
    }
  }

  /** All these tests in one box, in order. After an end the rest was not run and shares its verdict. */
  async #functions(group: readonly (readonly [at: number, test: FunctionCase])[]): Promise<void> {
    const replies = await this.#inBox({}, (box) => box.call(group.map(([, test]) => test.call)));
    let over = false;
    for (const [n, [at, test]] of group.entries()) {
      const reply = replies[n] ?? MISSING;
      const result = await ofCall(test, reply, this.#judging);
      this.tests[at] = over ? { ...result, ms: 0, detail: `not run: ${result.detail ?? ""}` } : result;
      over ||= reply.kind === "ended";
    }
  }

  async #script(test: ScriptCase): Promise<TestResult> {
    let output: Output = NOTHING;
    const [reply] = await this.#inBox({ kind: "script", stdin: test.stdin }, async (box) => {
      const loaded = await box.load();
      output = box.output();
      return [loaded];
    });
    return ofScript(test, reply ?? MISSING, output, this.#judging);
  }

  /** The test program in its box, the submission in another; the program's calls pass through here. */
  async #program(test: ProgramCase): Promise<TestResult> {
    let outcome: Reply | undefined;
    const [last = MISSING] = await this.#inBox({}, async (candidate) => {
      let reply: Reply = await candidate.load();
      const forward = async (call: Call): Promise<Reply> => {
        if (!test.names.includes(call.name)) return unknownName(call.name);
        [reply = MISSING] = await candidate.call([call]);
        return reply;
      };
      if (reply.kind === "value") outcome = await this.#testBox(test, forward);
      return [reply];
    });
    return ofProgram(outcome ?? last, last);
  }

  async #testBox({ program, names }: ProgramCase, forward: (call: Call) => Promise<Reply>): Promise<Reply> {
    const { language, limits } = this.#submission;
    const box = await this.#driver.open({ language, source: program, imports: names }, { limits, forward });
    try {
      return await box.load();
    } finally {
      await box.close();
    }
  }

  /** Opens a box for the submission, always closes it, and turns a failure of ours into a reply. */
  async #inBox(program: Partial<Program>, use: (box: Box) => Promise<readonly Reply[]>): Promise<readonly Reply[]> {
    const { language, source, limits } = this.#submission;
    try {
      const box = await this.#driver.open({ language, source, ...program }, { limits });
      try {
        const replies = await use(box);
        this.killed ||= replies.some((reply) => endOf(reply) === "killed");
        this.outputs.push(box.output());
        return replies;
      } finally {
        await box.close();
      }
    } catch (error) {
      return this.#submission.cases.map(() => ({ ...MISSING, detail: asGymError(error).message }));
    }
  }
}

/** An end of the submission's box decides, whatever the test program made of it; then the program's own fate does. */
function ofProgram(reply: Reply, last: Reply): TestResult {
  if (last.kind === "ended") return ofEnd(last);
  if (reply.kind === "value") return passed(reply.ms);
  if (reply.kind === "ended") return ofEnd(reply);
  return last.kind === "exception" && sameException(last, reply)
    ? ofException({ ...reply, ...(last.because === undefined ? {} : { because: last.because }) })
    : failed("fail", reply.ms, `${reply.type}: ${reply.message}`);
}

const sameException = (a: Raised, b: Raised): boolean => a.type === b.type && a.message === b.message;

const endOf = (reply: Reply): EndReason | undefined => (reply.kind === "ended" ? reply.reason : undefined);

const unknownName = (name: string): Reply => ({
  kind: "exception",
  type: "NameError",
  message: `name '${name.slice(0, 100)}' is not one of the test's`,
  ms: 0,
});

const MISSING = { kind: "ended", reason: "infrastructure", detail: "no reply", ms: 0 } as const;
const NOTHING: Output = { stdout: "", stderr: "", truncated: false };
