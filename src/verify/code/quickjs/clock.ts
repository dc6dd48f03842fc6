/** Measures the time that a box has used, on the wall and on the processor, while it is running and only then. */

/** Processor time of this thread in milliseconds; the wall's where this Node cannot tell (before 23.9). */
const processorMs: () => number =
  typeof process.threadCpuUsage === "function"
    ? () => {
        const { user, system } = process.threadCpuUsage();
        return (user + system) / 1_000;
      }
    : () => performance.now();

/** Milliseconds of wall time between two looks at the processor's clock, which costs more than the wall's. */
const LOOK_MS = 2;

export class Clock {
  readonly #wallMs: number;
  readonly #cpuMs: number;
  #wallUsed = 0;
  #cpuUsed = 0;
  /** Both clocks at the start of what runs now. */
  #since: { wall: number; cpu: number } | undefined;
  #nextLook = 0;
  #over: string | undefined;

  constructor(limits: { readonly wallMs: number; readonly cpuMs: number }) {
    this.#wallMs = limits.wallMs;
    this.#cpuMs = limits.cpuMs;
  }

  start(): void {
    this.#since = { wall: performance.now(), cpu: processorMs() };
  }

  stop(): void {
    this.#look();
    const { wall, cpu } = this.#running();
    this.#wallUsed += wall;
    this.#cpuUsed += cpu;
    this.#since = undefined;
  }

  /** Milliseconds of wall time used so far. */
  get wallUsed(): number {
    return this.#wallUsed + (this.#since === undefined ? 0 : performance.now() - this.#since.wall);
  }

  /** Which limit is reached, as a phrase; stays once it is there. */
  get over(): string | undefined {
    if (this.#over === undefined && performance.now() >= this.#nextLook) this.#look();
    return this.#over;
  }

  #look(): void {
    this.#nextLook = performance.now() + LOOK_MS;
    if (this.#over !== undefined) return;
    const { wall, cpu } = this.#running();
    if (this.#wallUsed + wall > this.#wallMs) this.#over = `${this.#wallMs} ms of time`;
    else if (this.#cpuUsed + cpu > this.#cpuMs) this.#over = `${this.#cpuMs} ms of processor time`;
  }

  #running(): { wall: number; cpu: number } {
    if (this.#since === undefined) return { wall: 0, cpu: 0 };
    return { wall: performance.now() - this.#since.wall, cpu: processorMs() - this.#since.cpu };
  }
}
