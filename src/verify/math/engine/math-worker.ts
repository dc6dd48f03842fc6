/** A worker thread that holds one engine and compares one pair at a time. It may be killed at any moment. */
import { parentPort, workerData } from "node:worker_threads";
import { ComputeEngine } from "@cortex-js/compute-engine";
import { judge, type Judgement } from "./judge.ts";
import { sharedIn, STAGE, type Job, type News } from "./news.ts";
import { processorTime } from "./processor-time.ts";
import { PRECISION } from "./sample.ts";

const { stage, began } = sharedIn(workerData as SharedArrayBuffer);
const ce = new ComputeEngine();
ce.precision = PRECISION;
// The first use of the parser and of the arithmetic builds their tables: better now than on somebody's time.
judge(ce, "\\frac{\\sin(2x)}{2}", "\\sin x \\cos x", () => undefined);

const tell = (news: News): void => parentPort?.postMessage(news);

parentPort?.on("message", ({ id, gold, answer }: Job) => {
  began[0] = processorTime();
  Atomics.store(stage, 0, STAGE.gold);
  const judgement = attempt(gold, answer);
  Atomics.store(stage, 0, STAGE.idle);
  tell({ id, judgement });
});
tell({ ready: true });

/** What the engine throws (a stack that overflowed, a number too large) is about the side it had in hand. */
function attempt(gold: string, answer: string): Judgement {
  try {
    return judge(ce, gold, answer, () => Atomics.store(stage, 0, STAGE.answer));
  } catch {
    const trouble = Atomics.load(stage, 0) === STAGE.gold ? "bad-gold" : "too-large";
    return { equal: null, rule: "engine-throw", trouble };
  }
}
