/** A QuickJS box as the judge sees it: orders go to its worker, and a worker that does not come back is ended. */
import { checkEncoded } from "../check-encoded.ts";
import type { Box, Call, Ended, OpenOptions, Output, Program, Reply } from "../driver.ts";
import type { Encoded } from "../encoded.ts";
import { ChannelError } from "../frames.ts";
import type { HostedWorker, Listener } from "./hosted-worker.ts";
import type { News, Start, WireReply } from "./messages.ts";
import type { Workers } from "./workers.ts";

/** Milliseconds beyond a box's own wall time after which its worker is ended: it is deep in code that cannot be interrupted. */
const GRACE_MS = 500;
/** A worker whose last box had more memory than this is replaced: WebAssembly memory never shrinks by itself. */
const KEEP_BYTES = 64 * 2 ** 20;

export class QuickJsBox implements Box {
  readonly #workers: Workers;
  readonly #worker: HostedWorker;
  readonly #program: Program;
  readonly #options: OpenOptions;
  readonly #bell: SharedArrayBuffer | undefined;
  #loaded: Reply | undefined;
  #end: Ended | undefined;
  #started = false;
  #output: Output = { stdout: "", stderr: "", truncated: false };
  #memoryBytes = 0;
  #orders = 0;
  /** Milliseconds of wall time left; the host's own count, which does not depend on the worker's word. */
  #leftMs: number;
  /** What runs now: one order at a time, the next waits for it. */
  #turn: Promise<unknown> = Promise.resolve();
  #abandon: ((end: Ended) => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(workers: Workers, worker: HostedWorker, program: Program, options: OpenOptions) {
    this.#workers = workers;
    this.#worker = worker;
    this.#program = program;
    this.#options = options;
    this.#leftMs = options.limits.wallMs;
    this.#bell = program.imports === undefined ? undefined : new SharedArrayBuffer(4);
  }

  async load(): Promise<Reply> {
    await this.call([]);
    return this.#loaded ?? this.#end!;
  }

  call(calls: readonly Call[]): Promise<Reply[]> {
    const turn = this.#turn.then(() => this.#run(calls));
    this.#turn = turn;
    return turn;
  }

  output(): Output {
    return this.#output;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #close(): Promise<void> {
    const busy = this.#abandon !== undefined;
    this.#abandon?.(ended("closed", "the box was closed"));
    const clean = !busy && this.#worker.alive && this.#memoryBytes <= KEEP_BYTES && this.#end === undefined;
    this.#end ??= ended("closed", "the box was closed");
    if (!clean) return this.#workers.discard(this.#worker);
    if (this.#started) this.#worker.post({ drop: true });
    this.#workers.release(this.#worker);
    return Promise.resolve();
  }

  async #run(calls: readonly Call[]): Promise<Reply[]> {
    const replies: Reply[] = [];
    if (this.#end === undefined) await this.#order(calls, replies);
    while (replies.length < calls.length) replies.push(this.#end ?? this.#loaded!);
    return replies;
  }

  /** Sends one order and collects what comes of it. Resolves when the order is done or the box has ended. */
  #order(calls: readonly Call[], replies: Reply[]): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const order = ++this.#orders;
    const timer = new Stopwatch(() =>
      finish(ended("timeout", `used more than ${this.#options.limits.wallMs} ms of time`)),
    );
    const finish = (end?: Ended): void => {
      if (this.#abandon === undefined) return;
      this.#abandon = undefined;
      this.#leftMs -= timer.stop();
      this.#end ??= end;
      this.#worker.listen(undefined);
      resolve(undefined);
    };
    this.#abandon = finish;
    const take = (news: News): void => {
      if ("ready" in news || news.order !== order) return;
      if ("forward" in news) return this.#forward(news.forward, timer, finish);
      this.#collect(news, replies);
      if (news.done) finish();
    };
    const listener: Listener = {
      news: take,
      lost: (why) => finish(ended("infrastructure", `the worker was lost (${why})`)),
    };
    timer.start(this.#leftMs + GRACE_MS);
    this.#worker.listen(listener);
    this.#worker.post({ order, calls, ...this.#start() });
    return promise;
  }

  #start(): { start?: Start } {
    if (this.#started) return {};
    this.#started = true;
    const bell = this.#bell === undefined ? {} : { bell: this.#bell };
    return { start: { program: this.#program, limits: this.#options.limits, ...bell } };
  }

  #collect(news: Exclude<News, { ready: true } | { forward: Call }>, replies: Reply[]): void {
    this.#output = news.output ?? this.#output;
    this.#memoryBytes = news.memoryBytes ?? this.#memoryBytes;
    if (news.loaded !== undefined) this.#loaded = this.#checked(news.loaded);
    for (const reply of news.replies) replies.push(this.#end ?? this.#checked(reply));
  }

  /** The values of a reply are the submission's words: parsed and checked here, outside its worker. */
  #checked(reply: WireReply): Reply {
    try {
      return this.#read(reply);
    } catch (error) {
      const why = error instanceof ChannelError || error instanceof SyntaxError ? error.message : "unreadable";
      return (this.#end ??= ended("protocol", `a reply that breaks the rules: ${why}`));
    }
  }

  #read(reply: WireReply): Reply {
    if (reply.kind === "ended") return (this.#end ??= reply);
    const args = reply.args === undefined ? {} : { args: checkEncoded(JSON.parse(reply.args)) as readonly Encoded[] };
    if (reply.kind === "exception") return { ...reply, ...args } as Reply;
    return { kind: "value", value: checkEncoded(JSON.parse(reply.text)), ms: reply.ms, ...args };
  }

  #forward(call: Call, timer: Stopwatch, finish: (end: Ended) => void): void {
    timer.pause();
    const answer = (reply: Reply): void => {
      if (this.#abandon !== finish) return;
      timer.resume();
      this.#worker.post({ answer: reply });
      const cell = new Int32Array(this.#bell!);
      Atomics.add(cell, 0, 1);
      Atomics.notify(cell, 0);
    };
    const failed = (): void => finish(ended("infrastructure", "a forwarded call could not be answered"));
    if (this.#options.forward === undefined) failed();
    else this.#options.forward(call).then(answer, failed);
  }
}

const ended = (reason: Ended["reason"], detail: string): Ended => ({ kind: "ended", reason, detail, ms: 0 });

/** A timer that can stand still. */
class Stopwatch {
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | undefined;
  #since = 0;
  #used = 0;
  #allowed = 0;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  start(allowedMs: number): void {
    this.#allowed = allowedMs;
    this.resume();
  }

  pause(): void {
    this.stop();
  }

  resume(): void {
    this.#since = performance.now();
    this.#timer = setTimeout(this.#ring, Math.max(0, this.#allowed - this.#used));
  }

  /** @returns milliseconds used in all */
  stop(): number {
    if (this.#timer === undefined) return this.#used;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#used += performance.now() - this.#since;
    return this.#used;
  }
}
