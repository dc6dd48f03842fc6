/** The clocks of one box: wall and processor time, and memory. They run while it works and stand still while it waits. */
import type { Limits } from "../types.ts";
import { usageOf, type Usage } from "./process-tree.ts";

export type LimitReached = (reason: "timeout" | "memory", detail: string) => void;

/** How often a working box is looked at. What happens between two looks is bounded by rlimits, or by a cgroup. */
const LOOK_MS = 50;

export class Clocks {
  readonly #limits: Limits;
  readonly #pid: number;
  readonly #reached: LimitReached;
  /** What the interpreter's start took. */
  readonly #start: Usage;
  #wallMs = 0;
  #since: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param slackMs added to both times */
  constructor(limits: Limits, slackMs: number, pid: number, reached: LimitReached) {
    this.#limits = { ...limits, wallMs: limits.wallMs + slackMs, cpuMs: limits.cpuMs + slackMs };
    this.#pid = pid;
    this.#reached = reached;
    this.#start = usageOf(pid);
  }

  /** Milliseconds on the wall's clock that the box has worked. */
  get wallMs(): number {
    return this.#wallMs + (this.#since === undefined ? 0 : performance.now() - this.#since);
  }

  start(): void {
    this.#since ??= performance.now();
    this.#schedule();
  }

  stop(): void {
    this.#wallMs = this.wallMs;
    this.#since = undefined;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const left = Math.max(this.#limits.wallMs - this.wallMs, 0);
    this.#timer = setTimeout(() => this.#look(), Math.min(left, LOOK_MS) + 1);
    this.#timer.unref();
  }

  #look(): void {
    const over = this.#over();
    if (over === undefined) this.#schedule();
    // A busy judge may be late: an answer that already lies in the socket is read before the box is found to be too slow.
    else setImmediate(() => setImmediate(() => this.#since !== undefined && this.#reached(...over)));
  }

  #over(): Parameters<LimitReached> | undefined {
    const { wallMs, cpuMs, memoryBytes } = this.#limits;
    const used = usageOf(this.#pid);
    if (used.cpuMs - this.#start.cpuMs > cpuMs) return ["timeout", `more than ${cpuMs} ms of processor time`];
    if (used.memoryBytes - this.#start.memoryBytes > memoryBytes)
      return ["memory", `more than ${memoryBytes} bytes of memory`];
    if (this.wallMs > wallMs) return ["timeout", `more than ${wallMs} ms`];
    return undefined;
  }
}
