/** What a server counts. The hot path adds to plain numbers, once a frame; they become Prometheus text when somebody reads them. */
import { Counter, Gauge, Registry } from "prom-client";
import type { ErrorCode } from "../../protocol/errors.ts";
import type { Timing } from "../../protocol/frames.ts";
import { Tally } from "./http/tally.ts";

/** What is open, looked at when the metrics are read. */
export interface Open {
  readonly sessions: number;
  readonly sockets: number;
  readonly envs: Iterable<{ readonly name: string; readonly num: number }>;
}

/** A counter by one label, as plain numbers. */
type Counts = Map<string, number>;
const add = (counts: Counts, key: string, n: number): void => void counts.set(key, (counts.get(key) ?? 0) + n);

export class Metrics {
  readonly #registry = new Registry();
  readonly #steps: Counts = new Map();
  readonly #frames: Counts = new Map();
  readonly #rowFaults: Counts = new Map();
  readonly #errors: Counts = new Map();
  readonly #dropped: Counts = new Map();
  readonly #refused: Counts = new Map();
  readonly #verdicts: Counts = new Map();
  readonly #codeVerdicts: Counts = new Map();
  readonly #bytes: Counts = new Map([["in", 0], ["out", 0]]); // prettier-ignore
  readonly #queue = this.#tally("queue", "Time a step request waited before its env began");
  readonly #env = this.#tally("step", "Time the env took for all rows of a step request");
  readonly #encode = this.#tally("encode", "Time it took to encode the reply of a step request");
  readonly #verify = this.#tally("verify", "Time from a request for a verdict to the verdict");
  #bytesIn = 0;
  #bytesOut = 0;

  constructor(open: () => Open) {
    this.#watch(open);
    this.#counter("dojang_steps_total", "Transitions, without reset rows and faults", "env", this.#steps);
    this.#counter("dojang_frames_total", "Step requests answered with a frame", "env", this.#frames);
    this.#counter("dojang_row_faults_total", "Rows that failed within a frame", "code", this.#rowFaults);
    this.#counter("dojang_errors_total", "Requests answered with an error", "code", this.#errors);
    this.#counter("dojang_dropped_total", "Messages that were not sent: no open socket (they are kept for a resume while the limits allow), or a viewer that is slow", "reason", this.#dropped); // prettier-ignore
    this.#counter("dojang_refused_total", "Connections and requests refused at the door", "status", this.#refused);
    this.#counter("dojang_verdicts_total", "Verdicts of the math verifier", "code", this.#verdicts);
    this.#counter("dojang_code_verdicts_total", "Verdicts of the code runner", "verdict", this.#codeVerdicts);
    this.#counter("dojang_bytes_total", "Bytes of messages", "direction", this.#bytes);
  }

  received(bytes: number): void {
    this.#bytesIn += bytes;
  }

  sent(bytes: number): void {
    this.#bytesOut += bytes;
  }

  dropped(reason: "no-socket" | "slow-viewer", n = 1): void {
    add(this.#dropped, reason, n);
  }

  refused(status: number | "too-many"): void {
    add(this.#refused, String(status), 1);
  }

  /** A verifier gave a verdict. @param micros microseconds */
  verified(code: string, micros: number): void {
    add(this.#verdicts, code, 1);
    this.#verify.add(micros);
  }

  /** The code runner gave a verdict. @param micros microseconds */
  judged(verdict: string, micros: number): void {
    add(this.#codeVerdicts, verdict, 1);
    this.#verify.add(micros);
  }

  failed(code: ErrorCode): void {
    add(this.#errors, code, 1);
  }

  /** One frame of an env went out. @param timing microseconds */
  stepped(
    env: string,
    status: Uint8Array,
    timing: Timing,
    errors: readonly { readonly code: string }[] | undefined,
  ): void {
    let steps = 0;
    for (let row = 0; row < status.length; row++) if (status[row] === 0) steps++; // 0: a transition
    add(this.#steps, env, steps);
    add(this.#frames, env, 1);
    if (errors !== undefined) for (const { code } of errors) add(this.#rowFaults, code, 1);
    this.#queue.add(timing.queue);
    this.#env.add(timing.env);
    this.#encode.add(timing.encode);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Prometheus text. */
  text(): Promise<string> {
    this.#bytes.set("in", this.#bytesIn).set("out", this.#bytesOut);
    return this.#registry.metrics();
  }

  /** The names of all metrics, for the documentation's test. */
  get names(): string[] {
    return this.#registry.getMetricsAsArray().map(({ name }) => name);
  }

  #tally(name: string, help: string): Tally {
    return new Tally(`dojang_${name}_seconds`, help, this.#registry);
  }

  #counter(name: string, help: string, label: string, counts: Counts | (() => Counts)): void {
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [key, n] of typeof counts === "function" ? counts() : counts) this.inc({ [label]: key }, n);
      },
    });
  }

  #watch(open: () => Open): void {
    this.#gauge("dojang_sessions", "Sessions, also those that wait for their client", () => open().sessions);
    this.#gauge("dojang_sockets", "Open sockets", () => open().sockets);
    this.#gauge("dojang_envs", "Env handles of all sessions", () => [...open().envs].length);
    this.#gauge("process_resident_memory_bytes", "Memory of the process", () => process.memoryUsage.rss());
    this.#counter("process_cpu_seconds_total", "Processor time of the process", "kind", cpuSeconds);
    new Gauge({
      name: "dojang_instances",
      help: "Env instances of all sessions",
      labelNames: ["env"],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const { name, num } of open().envs) this.inc({ env: name }, num);
      },
    });
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({ name, help, registers: [this.#registry], collect() { this.set(read()); } }); // prettier-ignore
  }
}

function cpuSeconds(): Counts {
  const { user, system } = process.cpuUsage();
  return new Map([["user", user / 1e6], ["system", system / 1e6]]); // prettier-ignore
}
