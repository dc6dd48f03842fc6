/** The worker in which QuickJS runs: one box at a time, each in an instance of its own. */
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { GymError } from "../../../../protocol/errors.ts";
import type { Ended } from "../driver.ts";
import { Clock } from "./clock.ts";
import { takeImage } from "./image.ts";
import { makeInstance, type Instance } from "./instance.ts";
import type { Answer, Drop, News, Order, Start, WireReply, WorkerSetup } from "./messages.ts";
import { Run } from "./run.ts";

/** Milliseconds after which the replies so far are sent on, in case the next call never comes back. */
const FLUSH_MS = 20;

if (parentPort === null) throw new GymError("INTERNAL", "quickjs-worker: expected to run as a worker");
const port = parentPort;
// The judge made this worker with exactly this.
const { wasm } = workerData as WorkerSetup;

let box: { readonly run: Run; readonly instance: Instance; readonly loaded: WireReply } | undefined;

const image = await takeImage(wasm);
const tell = (news: News): void => port.postMessage(news);

/** Sleeps until the judge has put the answer of a forwarded call in the port, with the box's clock stopped. */
function waitForAnswer(order: number, { bell }: Start, name: string, args: string): string {
  const cell = new Int32Array(bell!);
  const rung = Atomics.load(cell, 0);
  tell({ order, forward: { name, args: JSON.parse(args) as [] } });
  Atomics.wait(cell, 0, rung);
  // The judge rings only after it has posted.
  const { answer } = (receiveMessageOnPort(port) as { message: Answer }).message;
  return JSON.stringify(answer);
}

async function open(order: number, start: Start): Promise<WireReply> {
  const clock = new Clock(start.limits);
  const instance = await makeInstance(wasm, image, start, clock, (name, args) => {
    clock.stop();
    try {
      return waitForAnswer(order, start, name, args);
    } finally {
      clock.start();
    }
  });
  const run = new Run(instance, start.program, start.limits);
  const loaded = run.load();
  box = { run, instance, loaded };
  return loaded;
}

async function obey({ order, start, calls }: Order): Promise<void> {
  if (start !== undefined) box = undefined;
  const loaded = start === undefined ? undefined : await open(order, start);
  const { run, instance, loaded: first } = box!;
  let replies: WireReply[] = [];
  let failed = first.kind === "value" ? undefined : first;
  let flushed = performance.now();
  if (loaded !== undefined) tell({ order, loaded, replies, done: false });
  for (const call of calls) {
    const reply = failed ?? run.call(call);
    if (reply.kind === "ended") failed = reply;
    replies.push(reply);
    if (performance.now() - flushed < FLUSH_MS) continue;
    tell({ order, replies, done: false });
    replies = [];
    flushed = performance.now();
  }
  const output = instance.printed.take();
  const memoryBytes = instance.memory.buffer.byteLength;
  tell({ order, replies, done: true, memoryBytes, ...(output === undefined ? {} : { output }) });
}

/** What QuickJS itself could not stand: its instance is in an unknown state, so the judge ends this worker. */
function crashed(error: unknown): Ended {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : "it stopped";
  return { kind: "ended", reason: "crash", detail: `the interpreter broke down (${what.slice(0, 200)})`, ms: 0 };
}

port.on("message", (message: Order | Drop) => {
  if ("drop" in message) {
    box = undefined;
    return;
  }
  obey(message).catch((error: unknown) => {
    tell({
      order: message.order,
      loaded: crashed(error),
      replies: [crashed(error)],
      done: true,
      memoryBytes: Infinity,
    });
  });
});
tell({ ready: true });
