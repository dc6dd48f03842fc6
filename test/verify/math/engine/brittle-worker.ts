/** Stands in for the engine's worker: does what the answer (or the gold) tells it to do, hanging and dying included. */
import { existsSync, writeFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";

import { STAGE, type Job, type News } from "../../../../src/verify/math/engine/news.ts";

const stage = workerData as Int32Array;
const tell = (news: News): void => parentPort?.postMessage(news);

const ACTIONS: Readonly<Record<string, (argument: string) => void>> = {
  hang: () => {
    for (;;) Atomics.load(stage, 0);
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
  Atomics.store(stage, 0, STAGE.gold);
  act(gold);
  Atomics.store(stage, 0, STAGE.answer);
  act(answer);
  Atomics.store(stage, 0, STAGE.idle);
  tell({ id, judgement: { equal: gold === answer, rule: "brittle" } });
});
tell({ ready: true });
