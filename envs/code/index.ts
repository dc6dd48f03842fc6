/** Programming with verifiable rewards: a problem in, code out, run against tests in a sandbox. Source of the task: DeepSeek-AI, DeepSeek-R1 (2025), section 2.2.2. */
import { availableParallelism } from "node:os";
import { choice, defineEnv, flag, int, real, record, rules, text, type Host, type Rng } from "dojang/env";
import { GymError, type JsonValue } from "dojang/protocol";
import { checkSuite, createCodeRunner, submissionOf, type CodeRunner, type Exercise } from "dojang/verify";
import { datasetParams, isNamed, readDataset, type DatasetSource } from "../shared/dataset/dataset.ts";
import { renderIn, renderMode } from "../shared/render-mode.ts";
import { textPixels } from "../shared/text-pixels.ts";
import { feedbackOf } from "./feedback.ts";
import { LANGUAGES, shippedProblems, type ProblemLanguage } from "./problems.ts";
import { codeOf, sourceOf } from "./reply.ts";
import { exercisesOf, SHAPES, type Shape } from "./shapes.ts";

export { shippedProblems } from "./problems.ts";

const ID = "code-v0";
const MAX_PROMPT = 60_000;
const MAX_REPLY = 200_000;
/** Exercises named in the error about a suite that does not hold. */
const NAMED = 5;

interface CodeState {
  /** Place of the exercise in the list. */
  readonly item: number;
  /** Replies so far. */
  readonly turn: number;
  /** What the agent reads now. */
  readonly message: string;
}

export default defineEnv({
  id: ID,
  version: "1",
  description: "Programming problems, the shipped ones or a data set; the reply is run against tests in a sandbox.",
  deterministic: false,
  secret: true,
  params: {
    language: choice("javascript", LANGUAGES, { doc: "Of the shipped problems." }),
    minDifficulty: int(1, { min: 1, max: 3, doc: "Easiest shipped problems, 1 to 3." }),
    maxDifficulty: int(3, { min: 1, max: 3, doc: "Hardest shipped problems." }),
    turns: int(1, {
      min: 1,
      max: 20,
      doc: "Replies an episode may have; a wrong one is answered with the public tests' verdicts.",
    }),
    turnDiscount: real(1, { min: 0, max: 1, doc: "Factor of the reward for each reply before the last." }),
    reward: choice("all", ["all", "fraction"], {
      doc: "all: 1 when every test passes, else 0; fraction: the share that passes.",
    }),
    shape: choice("auto", SHAPES, { operator: true, doc: "How the data set's rows are to be read." }),
    check: flag(true, {
      operator: true,
      doc: "Before the first episode, every reference must pass and every empty stub fail.",
    }),
    badExercises: choice("error", ["error", "skip"], {
      operator: true,
      doc: "What an exercise that does not hold does.",
    }),
    limits: record(
      {
        cpuMs: int(4_000, { min: 50, max: 600_000, doc: "Processor time of a submission." }),
        wallMs: int(10_000, { min: 50, max: 600_000, doc: "Time on the clock." }),
        memoryMb: int(256, { min: 16, max: 16_384, doc: "Memory of a submission." }),
      },
      { operator: true, doc: "What a submission may use." },
    ),
    ...datasetParams,
    renderMode,
  },
  async build({ turns, turnDiscount, reward: kind, limits, renderMode, ...params }, host) {
    const runner = createCodeRunner({
      limits: { cpuMs: limits.cpuMs, wallMs: limits.wallMs, memoryBytes: limits.memoryMb * 2 ** 20 },
    });
    const exercises = await openExercises(params, runner, host).catch(async (error: unknown) => {
      await runner.close();
      throw error;
    });
    const at = ({ item }: CodeState): Exercise => exercises[item] as Exercise;
    const dialogue = (state: CodeState): string =>
      state.turn === 0 ? state.message : `${at(state).prompt}\n> ${state.message}`;
    return rules({
      action: text({ maxLength: MAX_REPLY }),
      observation: text({ maxLength: MAX_PROMPT }),
      async: true,
      // As many as are judged at once: a row that waited in the runner's queue would miss its deadline for the loops of others.
      maxConcurrent: availableParallelism(),
      reset(rng, options): CodeState {
        const item = readItem(options, exercises.length, rng);
        return { item, turn: 0, message: (exercises[item] as Exercise).prompt };
      },
      async step(state, reply, _rng, { signal }) {
        const exercise = at(state);
        const source = sourceOf(exercise, codeOf(reply, exercise.language));
        const result = await runner.run(submissionOf(exercise, source), { signal });
        if (result.verdict === "infrastructure")
          throw new GymError("VERIFIER_UNAVAILABLE", `${ID}: ${exercise.id}`, {
            expected: "a verdict",
            hint: "Step again.",
          });
        const accuracy = Number(result.verdict === "pass");
        const rewards = { accuracy, tests: result.passed / result.total };
        const left = turns - state.turn - 1;
        const terminated = accuracy === 1 || left === 0;
        const message = terminated ? "" : await feedback(exercise, source, runner, left);
        // Paid once, at the end: else a reply that passes half could be sent again and again.
        const paid = terminated ? (kind === "all" ? accuracy : rewards.tests) * turnDiscount ** state.turn : 0;
        return { state: { ...state, turn: state.turn + 1, message }, reward: paid, terminated, rewards };
      },
      observe: ({ message }) => message,
      render: renderIn(renderMode, { text: dialogue, rgb: (state) => textPixels(dialogue(state)) }),
      close: () => runner.close(),
    });
  },
});

/** The public tests are run again, alone: what is printed during hidden tests would show what these ask. */
async function feedback(exercise: Exercise, source: string, runner: CodeRunner, left: number): Promise<string> {
  if (exercise.publicTests.length === 0) return feedbackOf(undefined, left);
  return feedbackOf(await runner.run(submissionOf({ ...exercise, hiddenTests: [] }, source)), left);
}

interface ExerciseParams extends DatasetSource {
  readonly language: ProblemLanguage;
  readonly minDifficulty: number;
  readonly maxDifficulty: number;
  readonly shape: Shape;
  readonly check: boolean;
  readonly badExercises: string;
}

async function openExercises(params: ExerciseParams, runner: CodeRunner, host: Host): Promise<readonly Exercise[]> {
  const { language, minDifficulty, maxDifficulty, shape, check, badExercises } = params;
  if (!isNamed(params)) {
    // These are checked by the project's own tests.
    const chosen = shippedProblems(language).filter(
      ({ difficulty = 1 }) => difficulty >= minDifficulty && difficulty <= maxDifficulty,
    );
    if (chosen.length > 0) return chosen;
    throw new GymError("BAD_PARAM", `${ID}: params minDifficulty, maxDifficulty`, {
      expected: "the first at most the second",
      received: [minDifficulty, maxDifficulty],
    });
  }
  const exercises = exercisesOf(await readDataset(params, ID, host), shape, ID);
  return check ? thatHold(exercises, runner, badExercises === "skip", host) : exercises;
}

async function thatHold(
  exercises: readonly Exercise[],
  runner: CodeRunner,
  skip: boolean,
  host: Host,
): Promise<readonly Exercise[]> {
  const { faults } = await checkSuite(exercises, runner);
  if (faults.length === 0) return exercises;
  for (const { id, why } of faults.slice(0, 100)) host.log(`${ID}: ${id}: ${why}`);
  const bad = new Set(faults.map(({ id }) => id));
  const good = exercises.filter(({ id }) => !bad.has(id));
  if (skip && good.length > 0) return good;
  const ids = faults
    .slice(0, NAMED)
    .map(({ id }) => id)
    .join(", ");
  throw new GymError("BAD_PARAM", `${ID}: data set`, {
    expected: "references that pass and stubs that fail",
    received: `${faults.length} of ${exercises.length} exercises that do not hold: ${ids}`,
    hint: 'Mend them, or set badExercises to "skip"; the server\'s log says why.',
  });
}

/** @throws {GymError} BAD_OPTIONS for options other than `{item}` with the place of an exercise */
function readItem(options: JsonValue | undefined, count: number, rng: Rng): number {
  if (options === undefined || options === null) return rng.int(count);
  const { item, ...rest } = options as Readonly<Record<string, JsonValue>>;
  if (item === undefined && Object.keys(rest).length === 0 && !Array.isArray(options)) return rng.int(count);
  if (typeof item === "number" && Number.isInteger(item) && item >= 0 && item < count && Object.keys(rest).length === 0)
    return item;
  throw new GymError("BAD_OPTIONS", `${ID}: reset options`, {
    expected: `{item: 0 .. ${count - 1}}`,
    received: options,
  });
}
