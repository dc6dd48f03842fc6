/** Stands in for the engine's worker: does what the answer (or the gold) tells it to do, hanging and dying included. */
import { existsSync, writeFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";

import { processorTime } from "../../../../src/verify/math/engine/processor-time.ts";
import { sharedIn, STAGE, type Job, type News } from "../../../../src/verify/math/engine/news.ts";

const { stage, began } = sharedIn(workerData as SharedArrayBuffer);
const tell = (news: News): void => parentPort?.postMessage(news);

const ACTIONS: Readonly<Record<string, (argument: string) => void>> = {
  hang: () => {
    for (;;) Atomics.load(stage, 0);
  },
  /** Waits for ever without computing, as a thread that gets no processor does. */
  starve: () => {
    for (;;) Atomics.wait(stage, 0, Atomics.load(stage, 0), 5);
  },
  exit: () => process.exit(1),
  /** Ends the worker the first time only. */
  exitOnce: (marker) => {
    if (existsSync(marker)) return;
    writeFileSync(marker, "");
    process.exit(1);
  },
  memory: () => {
    const kept: number[][] = [];
    for (;;) kept.push(new Array<number>(1_000_000).fill(0.5));
  },
};

function act(text: string): void {
  const [name = "", argument = ""] = text.split(" ");
  ACTIONS[name]?.(argument);
}

parentPort?.on("message", ({ id, gold, answer }: Job) => {
  began[0] = processorTime();
  Atomics.store(stage, 0, STAGE.gold);
  act(gold);
  Atomics.store(stage, 0, STAGE.answer);
  act(answer);
  Atomics.store(stage, 0, STAGE.idle);
  tell({ id, judgement: { equal: gold === answer, rule: "brittle" } });
});
tell({ ready: true });
