/** A box that is a process: its program, its calls one after the other, its clocks, its end. */
import { randomBytes } from "node:crypto";
import { answerOf, checkFromBox, FRAME_OVERHEAD, type FromBox, type ToBox } from "../channel.ts";
import type { Box, Call, Ended, OpenOptions, Output, Program, Reply } from "../driver.ts";
import { ChannelError, frame, FrameReader } from "../frames.ts";
import type { BoxProcess } from "./box-process.ts";
import { Capture } from "./capture.ts";
import { Clocks } from "./clocks.ts";
import { whyEnded, type End } from "./ended.ts";
import type { Group } from "./group.ts";
import { outOfMemoryKills } from "./process-tree.ts";

export interface ProcessBoxOptions extends OpenOptions {
  /** Sent before the program: what the interpreter's own start makes of the limits. */
  readonly setup: unknown;
  /** Seconds of processor time after which the kernel itself ends the box, where it was told to. */
  readonly cpuSeconds: number;
  /** Milliseconds that the clocks leave to the interpreter itself. */
  readonly slackMs: number;
  /** The process cannot give itself the status of a SIGKILL. */
  readonly filtered: boolean;
  /** How its last words on stderr say that memory ran out. */
  readonly outOfMemory: RegExp | undefined;
  readonly group: Group | undefined;
}

/** What the box owes: the reply to a call, or to the load (number 0). */
interface Pending {
  readonly seq: number;
  readonly since: number;
  readonly resolve: (reply: Reply) => void;
}

export class ProcessBox implements Box {
  readonly #process: BoxProcess;
  readonly #program: Program;
  readonly #options: ProcessBoxOptions;
  readonly #nonce = randomBytes(16).toString("hex");
  readonly #reader: FrameReader;
  readonly #clocks: Clocks;
  readonly #stdout: Capture;
  readonly #stderr: Capture;
  readonly #oomBefore = outOfMemoryKills();
  readonly #gone: Promise<void>;
  /** Calls answered or sent so far; forwarded calls answered so far. */
  #seq = 0;
  #forwarded = 0;
  #pending: Pending | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #loaded: Promise<Reply> | undefined;
  /** Why the box is being ended, before it is gone. */
  #end: End | undefined;
  #ended: Ended | undefined;

  constructor(process: BoxProcess, program: Program, options: ProcessBoxOptions) {
    this.#process = process;
    this.#program = program;
    this.#options = options;
    const { limits } = options;
    this.#reader = new FrameReader(limits.resultBytes + FRAME_OVERHEAD);
    this.#clocks = new Clocks(limits, options.slackMs, process.pid, (reason, detail) => this.#kill({ reason, detail }));
    const full = (): void => {
      if (program.kind === "script")
        this.#kill({ reason: "output", detail: `printed more than ${limits.outputBytes} bytes` });
    };
    this.#stdout = new Capture(process.stdout, limits.outputBytes, full);
    this.#stderr = new Capture(process.stderr, limits.outputBytes, full);
    process.onBytes((bytes) => this.#read(bytes));
    this.#gone = process.gone.then(() => this.#finish());
  }

  load(): Promise<Reply> {
    return (this.#loaded ??= this.#enqueue(() => this.#load()));
  }

  async call(calls: readonly Call[]): Promise<Reply[]> {
    const loaded = this.load();
    return await this.#enqueue(async () => {
      const start = await loaded;
      const replies: Reply[] = [];
      for (const call of calls) replies.push(start.kind === "value" ? await this.#call(call) : start);
      // What was printed before the last reply lies in another pipe, which this turn of the loop reads too.
      await new Promise(setImmediate);
      return replies;
    });
  }

  output(): Output {
    return {
      stdout: this.#stdout.text(),
      stderr: this.#stderr.text(),
      truncated: this.#stdout.truncated || this.#stderr.truncated,
    };
  }

  async close(): Promise<void> {
    this.#kill({ reason: "closed", detail: "closed" });
    await this.#gone;
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done;
    return done;
  }

  #load(): Promise<Reply> {
    const { source, kind = "module", stdin = "", imports = [] } = this.#program;
    this.#process.stdin.end(kind === "script" ? stdin : "");
    const { resultBytes } = this.#options.limits;
    const load: ToBox = { op: "load", nonce: this.#nonce, source, kind, imports, resultBytes };
    return this.#ask(0, Buffer.concat([frame(this.#options.setup), frame(load)]));
  }

  #call({ name, args, mutated = false }: Call): Promise<Reply> {
    const call: ToBox = { op: "call", seq: ++this.#seq, name, args, mutated };
    return this.#ask(call.seq, frame(call));
  }

  /** Sends a request and waits for its reply or for the end of the box, with the clocks running. */
  #ask(seq: number, bytes: Buffer): Promise<Reply> {
    if (this.#ended !== undefined) return Promise.resolve(this.#ended);
    return new Promise((resolve) => {
      this.#pending = { seq, since: performance.now(), resolve };
      this.#clocks.start();
      this.#process.send(bytes);
    });
  }

  #read(bytes: Buffer): void {
    if (this.#end !== undefined || this.#ended !== undefined) return;
    try {
      for (const message of this.#reader.push(bytes)) this.#take(checkFromBox(message, this.#nonce));
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      this.#kill({ reason: "protocol", detail: error.message });
    }
  }

  #take(message: FromBox): void {
    if (message.kind === "forward") return this.#forward(message.seq, message.call);
    const pending = this.#pending;
    if (pending?.seq !== message.seq) throw new ChannelError("a reply out of turn");
    const { seq: _, ...reply } = message;
    this.#settle({ ...reply, ms: performance.now() - pending.since });
  }

  #forward(seq: number, call: Call): void {
    const { forward } = this.#options;
    if (forward === undefined || this.#pending === undefined || seq !== ++this.#forwarded) {
      throw new ChannelError("a forwarded call out of turn");
    }
    this.#clocks.stop();
    void forward(call).then((reply) => {
      if (this.#pending === undefined) return; // ended since
      this.#clocks.start();
      this.#process.send(frame(answerOf(seq, reply)));
    });
  }

  #settle(reply: Reply): void {
    this.#clocks.stop();
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.resolve(reply);
  }

  #kill(end: End): void {
    if (this.#process.exit !== undefined) return;
    this.#end ??= end;
    this.#process.kill();
  }

  /** Everything is gone: says why, answers what is still asked, and returns what the box held. */
  #finish(): void {
    const since = this.#pending?.since;
    const end = this.#end ?? this.#ownEnd();
    this.#options.group?.remove();
    this.#ended = { kind: "ended", ...end, ms: since === undefined ? 0 : performance.now() - since };
    this.#settle(this.#ended);
  }

  #ownEnd(): End {
    const { filtered, cpuSeconds, group, outOfMemory } = this.#options;
    const seen = {
      filtered,
      machineOutOfMemory: outOfMemoryKills() > this.#oomBefore,
      boxOutOfMemory: (group?.outOfMemory() ?? false) || (outOfMemory?.test(this.#stderr.text()) ?? false),
      cpuSpent: this.#clocks.wallMs >= cpuSeconds * 1_000,
    };
    return whyEnded(this.#process.exit!, seen);
  }
}
