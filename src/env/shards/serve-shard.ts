/** The loop of a thread that steps a part of a batch: it waits for a request, answers it, and waits again. */
import { receiveMessageOnPort } from "node:worker_threads";
import type { BuiltEnv } from "../built-env.ts";
import { rowsFrom } from "../rows.ts";
import { Part } from "./part.ts";
import { awaitChange, OP, WORD, type Answer, type Call, type ShardSpec } from "./protocol.ts";
import { writeShared } from "./shared-frame.ts";

/** Serves until it is told to close. Blocks its thread: nothing else can run there. */
export function serveShard(env: BuiltEnv, spec: ShardSpec): void {
  const { control, shared } = spec;
  // What a frame always has is written where the asking thread reads it.
  const part = new Part(env, { ...spec, memory: shared });
  for (let asked = 0; ;) {
    asked = awaitChange(control, WORD.asked, asked);
    const op = Atomics.load(control, WORD.op);
    if (op === OP.close) return;
    tell(spec, op === OP.step ? step(part, env, spec) : call(part, spec));
    Atomics.store(control, WORD.done, asked);
    Atomics.notify(control, WORD.done);
  }
}

/** The frame goes through shared memory, but for what has no columns there. */
function step(part: Part, { rules }: BuiltEnv, { control, shared, num }: ShardSpec): Answer {
  const rows = Atomics.load(control, WORD.rows);
  const actions = rowsFrom(rules.action, shared.actions, 0, rows);
  const { frame, ...others } = part.step(actions, rows === num ? undefined : shared.index.slice(0, rows));
  if (frame === undefined) return others;
  writeShared(shared, frame, rules);
  const { parts, errors } = frame;
  return { ...others, ...(parts && { parts }), ...(errors && { errors }) };
}

function call(part: Part, { port }: ShardSpec): Answer {
  const { message } = receiveMessageOnPort(port) as { message: Call }; // it was sent before the request was made known
  return part.call(message);
}

/** Sends what an answer holds beside its columns, if there is any. */
function tell({ port, control }: ShardSpec, answer: Answer): void {
  const some = Object.keys(answer).length > 0;
  if (some) port.postMessage(answer);
  Atomics.store(control, WORD.message, some ? 1 : 0);
}
