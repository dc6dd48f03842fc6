/** Boxes that wait for their program: started ahead, used once. */
import type { BoxProcess } from "./box-process.ts";

export class WarmPool {
  readonly #start: () => BoxProcess;
  readonly #size: number;
  #waiting: BoxProcess[] = [];
  #closed = false;

  /** @param size processes kept ready @param start begins a new one */
  constructor(size: number, start: () => BoxProcess) {
    this.#size = size;
    this.#start = start;
  }

  /** @returns one that nobody has used, ready. @throws {GymError} VERIFIER_UNAVAILABLE where none can be started */
  async take(): Promise<BoxProcess> {
    for (;;) {
      const waiting = this.#waiting.shift();
      const sandbox = waiting ?? this.#start();
      try {
        await sandbox.ready;
        if (sandbox.exit === undefined) return this.#handOver(sandbox);
      } catch (error) {
        // One that died while it waited is no news; one that does not start at all is.
        if (waiting === undefined) throw error;
      }
    }
  }

  #handOver(sandbox: BoxProcess): BoxProcess {
    sandbox.ref();
    // After the program that takes this one has been sent on its way.
    setImmediate(() => this.#fill());
    return sandbox;
  }

  #fill(): void {
    while (!this.#closed && this.#waiting.length < this.#size) {
      const sandbox = this.#startAhead();
      if (sandbox === undefined) return;
      sandbox.unref();
      this.#waiting.push(sandbox);
      void sandbox.gone.then(() => (this.#waiting = this.#waiting.filter((other) => other !== sandbox)));
    }
  }

  #startAhead(): BoxProcess | undefined {
    try {
      return this.#start();
    } catch {
      return undefined; // whoever needs one next is told
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const waiting = this.#waiting;
    for (const sandbox of waiting) {
      sandbox.ref();
      sandbox.kill();
    }
    await Promise.all(waiting.map(({ gone }) => gone));
  }
}
