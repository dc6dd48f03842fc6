/** Mathematics with verifiable rewards: a question in, a reply out, judged by the math verifier. Source of the task: DeepSeek-AI, DeepSeek-R1 (2025), section 2.2.2. */
import { choice, defineEnv, flag, int, list, real, record, rules, string, text, type Host } from "dojang/env";
import { GymError } from "dojang/protocol";
import { createMathVerifier, verifyMath } from "dojang/verify";
import { datasetParams, isNamed, readDataset, type DatasetSource } from "../shared/dataset/dataset.ts";
import { renderIn, renderMode } from "../shared/render-mode.ts";
import { textPixels } from "../shared/text-pixels.ts";
import { judge } from "./judge.ts";
import { feedbackOf, promptOf } from "./prompt.ts";
import { FORMATS, formatReward, languageReward, lengthReward, SCRIPTS } from "./rewards.ts";
import { problemsOf, SHAPES, type Fields, type Shape } from "./shapes.ts";
import { generated, readAsked, SPLITS, table, type Split } from "./source.ts";
import { TASK_NAMES, tasksNamed } from "./tasks/index.ts";
import { MAX_DIFFICULTY, type Problem } from "./tasks/task.ts";

export { TASKS, TASK_NAMES } from "./tasks/index.ts";
export { problemOf, type Problem, type Task } from "./tasks/task.ts";

const ID = "math-v0";
const MAX_QUESTION = 40_000;
const MAX_REPLY = 200_000;
/** Problems named in the error about broken gold answers. */
const NAMED = 5;

interface MathState {
  readonly problem: Problem;
  /** Replies so far. */
  readonly turn: number;
  /** What the agent reads now. */
  readonly message: string;
}

const weight = (value: number, doc: string) => real(value, { min: -1_000, max: 1_000, doc });

export default defineEnv({
  id: ID,
  version: "1",
  description:
    "Mathematics in words and LaTeX, generated or from a data set; the reply is judged by the math verifier.",
  secret: true,
  params: {
    tasks: list(choice("arithmetic", TASK_NAMES), ["arithmetic"], {
      maxLength: TASK_NAMES.length,
      doc: "Families of generated problems; each episode draws one.",
    }),
    minDifficulty: int(1, { min: 1, max: MAX_DIFFICULTY, doc: "Easiest difficulty drawn; a reset may ask for one." }),
    maxDifficulty: int(3, { min: 1, max: MAX_DIFFICULTY, doc: "Hardest difficulty drawn." }),
    dataSeed: int(0, {
      min: 0,
      max: Number.MAX_SAFE_INTEGER,
      doc: "Item i of a task is a function of (dataSeed, i, difficulty).",
    }),
    split: choice("all", SPLITS, {
      doc: "One problem in ten, by its question, is a test problem and never a training one.",
    }),
    turns: int(1, { min: 1, max: 20, doc: "Replies an episode may have; a wrong one is told and may be tried again." }),
    turnDiscount: real(1, { min: 0, max: 1, doc: "Factor of the accuracy for each reply before the right one." }),
    format: choice("none", FORMATS, { doc: "The form that is asked for and rewarded." }),
    language: choice("latin", SCRIPTS, { doc: "Script of the language that the reply should keep to." }),
    freeLength: int(2_000, { min: 0, max: MAX_REPLY, doc: "Characters of a reply before its length costs." }),
    maxLength: int(4_000, { min: 1, max: MAX_REPLY, doc: "Characters at which the length costs 1 in full." }),
    weights: record({
      accuracy: weight(1, "1 for a right answer."),
      format: weight(0, "1 for the asked form."),
      language: weight(0, "Share of words in the asked language."),
      length: weight(0, "0 down to -1 for long replies."),
    }),
    shape: choice("auto", SHAPES, { operator: true, doc: "How the data set names its columns." }),
    fields: record(
      {
        question: string("question", { doc: "Path of the question." }),
        answer: string("answer", { doc: "Path of the gold answer." }),
        id: string("", { doc: "Path of the id; empty: rows are numbered." }),
        task: string("", { doc: "Path of the family; empty: one family." }),
      },
      { operator: true, doc: "Columns of a set of no published shape, such as prompt.0.content." },
    ),
    badGold: choice("error", ["error", "skip"], {
      operator: true,
      doc: "What a gold answer that cannot be read does.",
    }),
    engine: flag(true, {
      operator: true,
      doc: "For data sets: ask the algebra engine, in a worker, where the exact tier cannot decide.",
    }),
    ...datasetParams,
    renderMode,
  },
  async build({ turns, turnDiscount, format, weights, language, freeLength, maxLength, renderMode, ...params }, host) {
    const source = await openSource(params, host);
    // Generated problems have answers that the exact tier decides.
    const verifier = createMathVerifier({ engine: params.engine && isNamed(params) });
    const dialogue = ({ problem, message }: MathState): string =>
      message === promptOf(problem.question, format) ? message : `${problem.question}\n> ${message}`;
    return rules({
      action: text({ maxLength: MAX_REPLY }),
      observation: text({ maxLength: MAX_QUESTION }),
      async: true,
      reset(rng, options): MathState {
        const problem = source.problem(rng, readAsked(options));
        return { problem, turn: 0, message: promptOf(problem.question, format) };
      },
      async step({ problem, turn }, reply) {
        const { right, extracted } = await judge(problem, reply, format, verifier);
        const left = turns - turn - 1;
        const ended = right || left === 0;
        const state = { problem, turn: turn + 1, message: ended ? "" : feedbackOf(extracted, left) };
        if (!ended) return { state, reward: 0, terminated: false, rewards: NOTHING };
        const rewards = {
          accuracy: right ? turnDiscount ** turn : 0,
          format: formatReward(reply, format),
          language: languageReward(reply, language),
          length: lengthReward(reply, freeLength, maxLength),
        };
        const reward = PARTS.reduce((sum, part) => sum + weights[part] * rewards[part], 0);
        return { state, reward, terminated: true, rewards };
      },
      observe: ({ message }) => message,
      render: renderIn(renderMode, { text: dialogue, rgb: (state) => textPixels(dialogue(state)) }),
      close: () => verifier.close(),
    });
  },
});

const PARTS = ["accuracy", "format", "language", "length"] as const;
/** Parts of a reply that may be tried again: an episode is rewarded once, at its end, so that wrong replies cannot be farmed. */
const NOTHING = { accuracy: 0, format: 0, language: 0, length: 0 };

interface SourceParams extends DatasetSource {
  readonly tasks: readonly string[];
  readonly minDifficulty: number;
  readonly maxDifficulty: number;
  readonly dataSeed: number;
  readonly split: Split;
  readonly shape: Shape;
  readonly fields: Fields;
  readonly badGold: string;
}

async function openSource(params: SourceParams, host: Host) {
  const { tasks, minDifficulty, maxDifficulty, dataSeed, split, shape, fields, badGold } = params;
  if (minDifficulty > maxDifficulty)
    throw new GymError("BAD_PARAM", `${ID}: params minDifficulty, maxDifficulty`, {
      expected: "the first at most the second",
      received: [minDifficulty, maxDifficulty],
    });
  if (tasks.length === 0)
    throw new GymError("BAD_PARAM", `${ID}: param tasks`, {
      expected: `some of ${TASK_NAMES.join(", ")}`,
      received: [],
    });
  if (!isNamed(params))
    return generated({ tasks: tasksNamed(tasks), minDifficulty, maxDifficulty, seed: dataSeed, split });
  const problems = problemsOf(await readDataset(params, ID, host), shape, fields, ID);
  return table(withSoundGold(problems, badGold === "skip", host), split);
}

/** Problems whose gold answer equals itself; the others would be lost to every agent. */
function withSoundGold(problems: readonly Problem[], skip: boolean, host: Host): Problem[] {
  const isSound = ({ gold, question }: Problem): boolean =>
    verifyMath(gold, gold).equal === true && question.length <= MAX_QUESTION - 1_000;
  const bad = problems.filter((problem) => !isSound(problem));
  if (bad.length === 0) return [...problems];
  const ids = `${bad
    .slice(0, NAMED)
    .map(({ id }) => id)
    .join(", ")}${bad.length > NAMED ? ", ..." : ""}`;
  host.log(`${ID}: ${bad.length} of ${problems.length} problems have a gold answer that cannot be read: ${ids}`);
  if (skip && bad.length < problems.length) return problems.filter(isSound);
  throw new GymError("BAD_PARAM", `${ID}: bad-gold`, {
    expected: "gold answers that the verifier can read",
    received: `${bad.length} that it cannot: ${ids}`,
    hint: 'Mend them, or set badGold to "skip".',
  });
}
