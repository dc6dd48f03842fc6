/** From a submission to a verdict, with boxes that answer what each test says. */
import { describe, expect, it } from "vitest";
import { GymError } from "../../../protocol/errors.ts";
import { createCodeRunner, type CodeRunnerOptions, type Submission } from "../../../src/verify/code/index.ts";
import type { EndReason, Reply } from "../../../src/verify/code/driver.ts";
import { end, fakeDriver, raised, value, type Fake } from "./fake-driver.ts";

const THREE: Submission = {
  language: "python",
  entryPoint: "f",
  source: "def f(x): ...",
  tests: [1, 2, 3].map((x) => ({ args: [x], expected: x })),
};

const runner = (fake: Fake, options: CodeRunnerOptions = {}) => createCodeRunner({ kinds: [fake], ...options });
const echo = fakeDriver(({ args }) => value(args[0] as number));

describe("verdicts", () => {
  it("passes when every test passes, and says how many", async () => {
    const result = await runner(echo).run(THREE);
    expect(result).toMatchObject({ verdict: "pass", passed: 3, total: 3, detail: "", driver: "fake", stdout: "out of box 0\n" }); // prettier-ignore
    expect(echo.open).toBe(0);
  });

  it("has the verdict of the first test that does not pass, and judges the rest", async () => {
    const fake = fakeDriver(({ args }) => (args[0] === 1 ? value(1) : args[0] === 2 ? raised("ValueError") : value(9)));
    const result = await runner(fake).run(THREE);
    expect(result).toMatchObject({ verdict: "error", passed: 1, total: 3, detail: "ValueError: m" });
    expect(result.tests.map(({ verdict }) => verdict)).toEqual(["pass", "error", "fail"]);
    expect(result.tests[2]).toMatchObject({ returned: 9, detail: expect.stringContaining("returned 9") as string });
  });

  it.each<[EndReason, string]>([
    ["exit", "error"],
    ["timeout", "timeout"],
    ["memory", "memory"],
    ["output", "error"],
    ["denied", "denied"],
    ["crash", "error"],
    ["protocol", "error"],
    ["closed", "infrastructure"],
    ["infrastructure", "infrastructure"],
  ])(
    "makes a box that ends by %s the verdict %s of its test, and of the tests that were not run",
    async (reason, verdict) => {
      const fake = fakeDriver(({ args }) => (args[0] === 1 ? value(1) : end(reason)));
      const result = await runner(fake, { retries: 0 }).run(THREE);
      expect(result).toMatchObject({ verdict, passed: 1 });
      expect(result.tests[2]).toMatchObject({ verdict, ms: 0, detail: expect.stringMatching(/^not run/) as string });
    },
  );

  it("makes an exception that the sandbox caused denied or memory", async () => {
    for (const because of ["denied", "memory"] as const) {
      const result = await runner(fakeDriver(() => raised("OSError", because))).run(THREE);
      expect(result.verdict).toBe(because);
    }
  });

  it("passes the exception that a test expects, by its type, and no other and no value", async () => {
    const wants = (reply: Reply) =>
      runner(fakeDriver(() => reply)).run({ ...THREE, tests: [{ args: [1], raises: "ValueError" }] });
    expect((await wants(raised("ValueError"))).verdict).toBe("pass");
    expect((await wants(raised("KeyError"))).verdict).toBe("error");
    expect((await wants(value(1))).verdict).toBe("fail");
  });

  it("shows what was returned and never what was expected", async () => {
    const fake = fakeDriver(() => value(1));
    const result = await runner(fake).run({ ...THREE, tests: [{ args: [5], expected: 987654321 }] });
    expect(JSON.stringify(result)).toContain("returned 1");
    expect(JSON.stringify(result)).not.toContain("987654321");
    expect(JSON.stringify(fake.opened)).not.toContain("987654321");
  });

  it("gives each function test a box of its own where tests are isolated", async () => {
    const fake = fakeDriver(({ args }, box) => (box === 1 ? end("timeout") : value(args[0] as number)));
    const result = await runner(fake).run({ ...THREE, isolation: "test" });
    expect(result.tests.map(({ verdict }) => verdict)).toEqual(["pass", "timeout", "pass"]);
    expect(fake.opened).toHaveLength(3);
  });
});

describe("scripts", () => {
  const script = (reply: Reply, stdout = "out of box 0") =>
    runner(fakeDriver(() => value(0), () => reply), { retries: 0 }).run({ language: "python", source: "", tests: [{ stdin: "", stdout }] }); // prettier-ignore

  it("pass when they end by themselves with status 0 and print what is expected", async () => {
    expect((await script(end("exit", { status: 0 }))).verdict).toBe("pass");
    expect((await script(end("exit", { status: 1 }))).verdict).toBe("error");
    expect((await script(end("exit"))).verdict).toBe("error");
    expect((await script(end("exit", { status: 0 }), "other")).verdict).toBe("fail");
    expect((await script(end("timeout", { status: 0 }))).verdict).toBe("timeout");
    expect((await script(end("output", { status: 0 }))).verdict).toBe("error");
    expect((await script(raised("SyntaxError"))).verdict).toBe("error");
  });
});

describe("test programs", () => {
  /** The submission is box 0, the program box 1, which calls `f` once and then comes to `outcome`. */
  const program = async (candidate: Reply, outcome: (answer: Reply) => Reply, called = "f") => {
    const fake = fakeDriver(
      () => candidate,
      async (_, box, { forward }) => (box % 2 === 0 ? value(0) : outcome(await forward!({ name: called, args: [1] }))),
    );
    const result = await runner(fake, { retries: 0 }).run({
      ...THREE,
      tests: [{ program: "assert f(1) == 1", names: ["f"] }],
    });
    expect(fake.open).toBe(0);
    expect(fake.opened[1]!.program).toMatchObject({ source: "assert f(1) == 1", imports: ["f"] });
    expect(fake.opened[1]!.program.source).not.toContain(THREE.source);
    return result.verdict;
  };

  it("pass when the program comes to its end", async () => {
    expect(await program(value(1), () => value(0))).toBe("pass");
  });

  it("fail when the program raises, and error when what it raises is the submission's", async () => {
    expect(await program(value(1), () => raised("AssertionError"))).toBe("fail");
    expect(await program(raised("ValueError"), (answer) => answer)).toBe("error");
  });

  it("do not pass a program that exits early, whoever asked for it", async () => {
    expect(await program(raised("SystemExit"), () => end("exit", { status: 0 }))).toBe("error");
  });

  it("have the verdict of a submission that ended, also where the program caught it", async () => {
    expect(await program(end("timeout"), () => value(0))).toBe("timeout");
    expect(await program(end("exit"), () => value(0))).toBe("error");
  });

  it("answer a call of any other name with a NameError, and not with the submission's", async () => {
    let answer: Reply | undefined;
    await program(value(1), (reply) => (answer = reply), "secret");
    expect(answer).toMatchObject({ kind: "exception", type: "NameError" });
  });
});

describe("failures of ours", () => {
  it("are tried again twice in fresh boxes, and a submission that then passes has passed", async () => {
    const fake = fakeDriver(({ args }, box) => (box < 2 ? end("infrastructure") : value(args[0] as number)));
    expect((await runner(fake).run(THREE)).verdict).toBe("pass");
    expect(fake.opened).toHaveLength(3);
  });

  it("are infrastructure after the third time, whatever passed", async () => {
    const fake = fakeDriver(({ args }) => (args[0] === 3 ? end("infrastructure") : value(args[0] as number)));
    expect(await runner(fake).run(THREE)).toMatchObject({ verdict: "infrastructure", passed: 2 });
    expect(fake.opened).toHaveLength(3);
  });

  it("beat a failed test: nobody knows what the rest would have done", async () => {
    const fake = fakeDriver(({ args }) => (args[0] === 1 ? value(9) : end("infrastructure")));
    expect((await runner(fake).run(THREE)).verdict).toBe("infrastructure");
  });

  it("are infrastructure where no box can be opened", async () => {
    const fake = fakeDriver(() => value(1));
    const none = { ...fake, create: async () => ({ ...(await fake.create({ boxes: 1 })), open: () => Promise.reject(new GymError("VERIFIER_UNAVAILABLE", "no fork")) }) }; // prettier-ignore
    expect(await createCodeRunner({ kinds: [none] }).run(THREE)).toMatchObject({
      verdict: "infrastructure",
      detail: "no fork",
    });
  });

  it("include a box killed by nobody we know, unless it is killed each time: then it does that itself", async () => {
    const once = fakeDriver(({ args }, box) => (box === 0 ? end("killed") : value(args[0] as number)));
    expect((await runner(once).run(THREE)).verdict).toBe("pass");
    const always = fakeDriver(() => end("killed"));
    expect(await runner(always).run(THREE)).toMatchObject({
      verdict: "error",
      detail: expect.stringContaining("killed") as string,
    });
    expect(always.opened).toHaveLength(3);
  });
});

describe("turns", () => {
  it("lets two submissions run at once where two are allowed, and all in the end", async () => {
    const fake = fakeDriver(({ args }) => value(args[0] as number));
    const results = await Promise.all(
      Array.from(
        { length: 20 },
        (
          (run) => () =>
            run.run(THREE)
        )(runner(fake, { concurrency: 2 })),
      ),
    );
    expect(results.every(({ verdict }) => verdict === "pass")).toBe(true);
    expect(fake.mostOpen).toBe(2);
  });

  it("refuses what finds the queue full with LIMIT, which may be tried again", async () => {
    const one = runner(fakeDriver(({ args }) => value(args[0] as number)), { concurrency: 1, maxQueue: 1 }); // prettier-ignore
    const [first, second, third] = await Promise.allSettled([one.run(THREE), one.run(THREE), one.run(THREE)]);
    expect([first, second]).toMatchObject([{ status: "fulfilled" }, { status: "fulfilled" }]);
    expect(third).toMatchObject({ status: "rejected", reason: { code: "LIMIT", retryable: true } });
    expect((await one.run(THREE)).verdict).toBe("pass");
  });

  it("takes nothing more once it is closed", async () => {
    const closed = runner(echo);
    await closed.close();
    await expect(closed.run(THREE)).rejects.toMatchObject({ code: "SHUTTING_DOWN" });
  });
});

describe("drivers", () => {
  it("refuses a language for which nothing safe works, with every reason", async () => {
    const broken = {
      ...echo,
      name: "jail",
      probe: () => Promise.resolve({ ok: false as const, reason: "no user namespaces" }),
    };
    const none = createCodeRunner({ kinds: [broken] });
    await expect(none.run(THREE)).rejects.toThrow(/no safe sandbox for python.*jail: no user namespaces/);
    await expect(none.run({ ...THREE, language: "typescript" })).rejects.toMatchObject({ code: "UNSUPPORTED" });
  });

  it("takes the first whose probe succeeds, and probes one that fails twice in all", async () => {
    let probes = 0;
    const broken = {
      ...echo,
      name: "jail",
      probe: () => Promise.resolve({ ok: false as const, reason: `probe ${++probes}` }),
    };
    const second = createCodeRunner({ kinds: [broken, echo] });
    await second.run(THREE);
    await second.run(THREE);
    expect(probes).toBe(2);
  });
});

describe("checkers", () => {
  const checked = (returned: number, checker: string, checkers = CHECKERS) =>
    runner(
      fakeDriver(() => value(returned)),
      { checkers, retries: 0 },
    ).run({ ...THREE, compare: { checker } });
  const CHECKERS = {
    even: ({ returned }: { returned: unknown }) => (returned as number) % 2 === 0,
    broken: () => { throw new Error("oops"); }, // prettier-ignore
    vague: () => "yes" as unknown as boolean,
  };

  it("decide where the operator loaded them and a submission names them", async () => {
    expect((await checked(4, "even")).verdict).toBe("pass");
    expect((await checked(5, "even")).verdict).toBe("fail");
  });

  it("that throw or say neither true nor false leave the verdict open", async () => {
    expect(await checked(4, "broken")).toMatchObject({
      verdict: "infrastructure",
      detail: expect.stringContaining("oops") as string,
    });
    expect((await checked(4, "vague")).verdict).toBe("infrastructure");
  });

  it("that nobody loaded are refused, also by the names of built-ins", async () => {
    await expect(checked(4, "odd")).rejects.toThrow("compare.checker: expected even, broken, vague");
    await expect(checked(4, "constructor")).rejects.toMatchObject({ code: "BAD_PARAM" });
  });
});
