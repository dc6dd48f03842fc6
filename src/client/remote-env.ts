/** An env on a server, behind the same interface as one in this process. */
import { checkBatch } from "../../protocol/check-batch.ts";
import { toColumns } from "../../protocol/columns.ts";
import { GymError } from "../../protocol/errors.ts";
import { decodeFrame } from "../../protocol/frame-codec.ts";
import type { Frame } from "../../protocol/frames.ts";
import type { FrameFields, Reply, ReplyTo, Requests } from "../../protocol/messages.ts";
import { encodeExtras, encodeIndex } from "../../protocol/row-index.ts";
import { checkSeed } from "../../protocol/seed.ts";
import { spaceFromJson } from "../../protocol/space-json.ts";
import { Acks } from "./acks.ts";
import type { Connection } from "./connection.ts";
import { Mailbox } from "./mailbox.ts";
import { checkOptions, checkReset, SEND, STEP } from "./options.ts";
import type { Env, EnvSpaces, Picture, ResetOptions, StepOptions } from "./env.ts";

export class RemoteEnv implements Env {
  readonly id: string;
  readonly version: string;
  readonly num: number;
  readonly spaces: EnvSpaces;
  readonly params: Env["params"];
  readonly autoreset: Env["autoreset"];
  readonly maxSteps: number;
  readonly maskWidth: number;
  readonly seed: number | undefined;
  readonly #connection: Connection;
  readonly #handle: number;
  #seq = 0;
  readonly #acks = new Acks();
  readonly #mailbox = new Mailbox();
  #delivered = 0;
  #closed = false;

  constructor(connection: Connection, made: ReplyTo<"make">) {
    const { action, observation, info } = made.spaces;
    this.#connection = connection;
    this.#handle = made.env;
    connection.acks.set(made.env, this.#acks);
    if (made.mode === "first-ready") {
      connection.receivers.set(made.env, {
        deliver: (delivery) => {
          this.#deliver(delivery);
        },
        end: (error) => {
          this.#mailbox.end(error);
        },
      });
    }
    this.id = made.name;
    this.version = made.version;
    this.num = made.num;
    this.params = made.params;
    this.autoreset = made.autoreset;
    this.maxSteps = made.maxSteps;
    this.maskWidth = made.maskWidth;
    this.seed = made.seed;
    this.spaces = {
      observation: spaceFromJson(observation),
      action: spaceFromJson(action),
      ...(info !== undefined && { info: spaceFromJson(info) }),
    };
  }

  async reset(options: ResetOptions = {}): Promise<Frame> {
    checkReset(options, this.id, this.num);
    options.seeds?.forEach((seed, i) => checkSeed(seed, `${this.id}: seeds[${i}]`));
    return this.#frame(await this.#open().request("reset", { env: this.#handle, ...options }));
  }

  async send(actions: unknown, options?: StepOptions): Promise<void> {
    if (options !== undefined) checkOptions(SEND, options, this.id);
    const index = options?.index;
    const extras = options?.extras;
    const rows = index ?? Uint32Array.from({ length: this.num }, (_, row) => row);
    checkBatch(this.spaces.action, actions, rows.length, `${this.id}: actions`);
    this.#seq++;
    await this.#open().request("send", {
      env: this.#handle,
      seq: this.#seq,
      ack: this.#acks.ack,
      index: encodeIndex(rows),
      actions: toColumns(this.spaces.action, actions as never, rows.length),
      ...(extras && { extras: encodeExtras(extras) }),
    });
  }

  recv(): Promise<Frame> {
    return this.#mailbox.take();
  }

  async step(actions: unknown, options?: StepOptions): Promise<Frame> {
    if (options !== undefined) checkOptions(STEP, options, this.id);
    const index = options?.index;
    const extras = options?.extras;
    const rows = index?.length ?? this.num;
    checkBatch(this.spaces.action, actions, rows, `${this.id}: actions`);
    const seq = this.#seq + 1;
    const columns = toColumns(this.spaces.action, actions as never, rows);
    const plain = { env: this.#handle, seq, ack: this.#acks.ack, actions: columns };
    const sent = this.#open().request("step", index || extras ? { ...plain, ...rareFields(index, extras) } : plain);
    this.#seq = seq;
    try {
      return this.#frame(await sent);
    } finally {
      this.#acks.arrived(seq); // an error is an answer too
    }
  }

  async render(index?: readonly number[]): Promise<Picture[]> {
    const reply = await this.#open().request("render", { env: this.#handle, ...withIndex(index) });
    return [...reply.pictures];
  }

  async snapshot(index?: readonly number[]): Promise<Uint8Array[]> {
    const reply = await this.#open().request("snapshot", { env: this.#handle, ...withIndex(index) });
    return [...reply.snapshots];
  }

  async restore(snapshots: readonly Uint8Array[], index?: readonly number[]): Promise<Frame> {
    return this.#frame(await this.#open().request("restore", { env: this.#handle, snapshots, ...withIndex(index) }));
  }

  async fork(from: readonly number[], to: readonly number[]): Promise<Frame> {
    const rows = { from: encodeIndex(from), to: encodeIndex(to) };
    return this.#frame(await this.#open().request("fork", { env: this.#handle, ...rows }));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#connection.request("close", { env: this.#handle });
    this.#connection.acks.delete(this.#handle);
    this.#connection.receivers.delete(this.#handle);
    this.#mailbox.end(new GymError("UNKNOWN_HANDLE", this.id, { hint: "The env was closed." }));
  }

  #open(): Connection {
    if (!this.#closed) return this.#connection;
    throw new GymError("UNKNOWN_HANDLE", this.id, { expected: "an open env", hint: "It was closed; make it again." });
  }

  /** Deliveries are numbered and come in order; after a resume some may come again. */
  #deliver(delivery: Reply<"delivery">): void {
    if (delivery.number <= this.#delivered) return;
    this.#delivered = delivery.number;
    this.#acks.arrived(delivery.number);
    this.#mailbox.put(this.#frame(delivery));
  }

  #frame(reply: FrameFields): Frame {
    return decodeFrame(reply, this.spaces);
  }
}

const withIndex = (index: readonly number[] | undefined): { index?: Uint8Array } =>
  index === undefined ? {} : { index: encodeIndex(index) };

const rareFields = (index: Uint32Array | undefined, extras: StepOptions["extras"]): Partial<Requests["step"]> => ({
  ...(index && { index: encodeIndex(index) }),
  ...(extras && { extras: encodeExtras(extras) }),
});
