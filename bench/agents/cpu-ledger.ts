/** CPU seconds of a run over all processes that had a part in it: each keeps its own file in the run's folder. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sinceStart } from "./first-time.ts";

const EVERY_SECONDS = 2;

export class CpuLedger {
  readonly #folder: string;
  #noted = 0;

  /** @param folder of the run; need not exist yet */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes down what this process has used, every other second. */
  note(): void {
    const { cpuSeconds } = sinceStart();
    if (cpuSeconds - this.#noted < EVERY_SECONDS || !existsSync(this.#folder)) return;
    this.#noted = cpuSeconds;
    writeFileSync(
      join(this.#folder, `cpu-${process.pid}-${Math.round(performance.timeOrigin)}.txt`),
      String(cpuSeconds),
    );
  }

  /** Seconds of this process and of those before it. */
  total(): number {
    const own = `cpu-${process.pid}-${Math.round(performance.timeOrigin)}.txt`;
    return readdirSync(this.#folder)
      .filter((name) => /^cpu-.*\.txt$/.test(name) && name !== own)
      .reduce((sum, name) => sum + Number(readFileSync(join(this.#folder, name), "utf8")), sinceStart().cpuSeconds);
  }
}
