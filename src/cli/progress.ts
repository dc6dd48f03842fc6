/** Progress of long work: a bar with rate and time left on a terminal, plain lines elsewhere. */
import type { TextStream } from "./output.ts";

export interface ProgressOptions {
  readonly label: string;
  readonly unit: string;
  /** Infinity: there is no end. */
  readonly total: number;
  /** What was done before (a resumed run): counts for the bar, not for the rate. */
  readonly start?: number;
}

/** What is known beside the count. */
export interface Detail {
  /** A few words beside the numbers ("return 0.71"). */
  readonly text?: string;
  /** Units a second of late. Absent: those since the start. */
  readonly rate?: number;
}

/** Milliseconds between two drawings: of the bar, and of plain lines. */
const BAR_MS = 100;
const LINE_MS = 2_000;
const WIDTH = 24;

export class Progress {
  readonly #stream: TextStream;
  readonly #options: ProgressOptions;
  readonly #begun = performance.now();
  #drawn = -Infinity;
  #done: number;
  #last: Detail = {};

  constructor(stream: TextStream, options: ProgressOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#done = options.start ?? 0;
    // Plain lines begin when there is something to say.
    if (stream.isTTY !== true) this.#drawn = this.#begun;
  }

  /** @param done units done in all */
  update(done: number, detail: string | Detail = {}): void {
    this.#done = done;
    this.#last = typeof detail === "string" ? { text: detail } : detail;
    const now = performance.now();
    if (now - this.#drawn < (this.#stream.isTTY === true ? BAR_MS : LINE_MS)) return;
    this.#drawn = now;
    this.#draw(now);
  }

  /** Draws the last state and ends the line. */
  end(): void {
    this.#draw(performance.now());
    if (this.#stream.isTTY === true) this.#stream.write("\n");
  }

  #draw(now: number): void {
    const text = progressText(this.#options, this.#done, (now - this.#begun) / 1_000, this.#last);
    if (this.#stream.isTTY !== true) this.#stream.write(`${text}\n`);
    else
      this.#stream.write(
        `\r${this.#options.total === Infinity ? "" : `${bar(this.#done / this.#options.total)} `}${text}`.slice(
          0,
          this.#stream.columns ?? 120,
        ) + "\u001b[K",
      );
  }
}

/** "train: 45%, 90,000 of 200,000 steps, 31,400/s, 4 s left, return 0.71"; without an end: "train: 90,000 steps, 31,400/s, return 0.71" */
export function progressText(options: ProgressOptions, done: number, seconds: number, detail: string | Detail): string {
  const { label, unit, total, start = 0 } = options;
  const { text = "", rate = seconds > 0 ? (done - start) / seconds : 0 } = typeof detail === "string" ? { text: detail } : detail; // prettier-ignore
  const percent = total > 0 ? Math.min(100, Math.floor((100 * done) / total)) : 100;
  const left = rate > 0 && done < total ? `, ${duration((total - done) / rate)} left` : "";
  const rest = text === "" ? "" : `, ${text}`;
  if (total === Infinity) return `${label}: ${count(done)} ${unit}, ${count(Math.round(rate))}/s${rest}`;
  return `${label}: ${percent}%, ${count(done)} of ${count(total)} ${unit}, ${count(Math.round(rate))}/s${left}${rest}`;
}

const bar = (share: number): string => {
  const full = Math.round(Math.min(1, Math.max(0, share)) * WIDTH);
  return `[${"#".repeat(full)}${".".repeat(WIDTH - full)}]`;
};

/** 1234567 -> "1,234,567" */
export const count = (value: number): string => value.toLocaleString("en-US");

/** Seconds in words: "0.4 s", "12 s", "3 min 5 s", "2 h 10 min". */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}
