/** The messages between the judge and a box in a process: what each side sends, and the check of what a box sent. */
import type { Call, Reply } from "./driver.ts";
import { checkEncoded } from "./check-encoded.ts";
import type { Encoded } from "./encoded.ts";
import { ChannelError } from "./frames.ts";

/**
 * To the box. `load` comes first and once; `seq` counts calls from 1 and each gets one reply, in order; `load` is answered
 * as seq 0. `answer` answers the forwarded call of that number.
 */
export type ToBox =
  | {
      readonly op: "load";
      /** 32 hexadecimal digits of its own for each box: a reply without them belongs to nobody. */
      readonly nonce: string;
      readonly source: string;
      readonly kind: "module" | "script";
      readonly imports: readonly string[];
      readonly resultBytes: number;
    }
  | {
      readonly op: "call";
      readonly seq: number;
      readonly name: string;
      readonly args: readonly Encoded[];
      readonly mutated: boolean;
    }
  | {
      readonly op: "answer";
      readonly seq: number;
      readonly kind: "value";
      readonly value: Encoded;
      readonly args?: readonly Encoded[];
    }
  | {
      readonly op: "answer";
      readonly seq: number;
      readonly kind: "exception";
      readonly type: string;
      readonly message: string;
      readonly args?: readonly Encoded[];
    };

/** From the box: the reply to a call (or to `load`, as seq 0), or a call to forward, counted from 1 in a row of its own. */
export type FromBox =
  | { readonly kind: "value"; readonly seq: number; readonly value: Encoded; readonly args?: readonly Encoded[] }
  | {
      readonly kind: "exception";
      readonly seq: number;
      readonly type: string;
      readonly message: string;
      readonly because?: "denied" | "memory";
      readonly args?: readonly Encoded[];
    }
  | { readonly kind: "forward"; readonly seq: number; readonly call: Call };

/** How much longer than `resultBytes` a frame may be: the fields around the value. */
export const FRAME_OVERHEAD = 4_096;

const MAX_NAME = 200;
const MAX_MESSAGE = 2_000;

/** @returns the message, checked field by field. @throws {ChannelError} saying what is wrong */
export function checkFromBox(message: unknown, nonce: string): FromBox {
  if (typeof message !== "object" || message === null || Array.isArray(message))
    throw new ChannelError("a reply that is no object");
  // An object of unknown fields, each of which is checked before use.
  const fields = message as Readonly<Record<string, unknown>>;
  if (fields["nonce"] !== nonce) throw new ChannelError("a reply that nobody asked for");
  const { seq } = fields;
  if (typeof seq !== "number" || !Number.isSafeInteger(seq) || seq < 0)
    throw new ChannelError("a reply without a number");
  switch (fields["kind"]) {
    case "value":
      return { kind: "value", seq, value: checkEncoded(fields["value"]), ...argsOf(fields) };
    case "exception":
      return { kind: "exception", seq, ...exceptionOf(fields), ...argsOf(fields) };
    case "forward":
      return { kind: "forward", seq, call: callOf(fields) };
    default:
      throw new ChannelError("a reply of no known kind");
  }
}

function exceptionOf(
  fields: Readonly<Record<string, unknown>>,
): Pick<FromBox & { kind: "exception" }, "type" | "message" | "because"> {
  const { type, message, because } = fields;
  if (typeof type !== "string" || typeof message !== "string")
    throw new ChannelError("an exception without type and message");
  if (because !== undefined && because !== "denied" && because !== "memory")
    throw new ChannelError("an exception for no known reason");
  return {
    type: type.slice(0, MAX_NAME),
    message: message.slice(0, MAX_MESSAGE),
    ...(because === undefined ? {} : { because }),
  };
}

function callOf(fields: Readonly<Record<string, unknown>>): Call {
  const { name, args, mutated } = fields;
  if (typeof name !== "string" || name.length > MAX_NAME) throw new ChannelError("a forwarded call without a name");
  return { name, args: listOf(args), mutated: mutated === true };
}

function argsOf(fields: Readonly<Record<string, unknown>>): { args?: readonly Encoded[] } {
  return fields["args"] === undefined ? {} : { args: listOf(fields["args"]) };
}

function listOf(args: unknown): readonly Encoded[] {
  if (!Array.isArray(args)) throw new ChannelError("arguments that are no list");
  return args.map((arg) => checkEncoded(arg));
}

/** A reply as the answer to a forwarded call: an end of the other box becomes an exception that a program cannot mistake. */
export function answerOf(seq: number, reply: Reply): ToBox {
  switch (reply.kind) {
    case "value":
      return {
        op: "answer",
        seq,
        kind: "value",
        value: reply.value,
        ...(reply.args === undefined ? {} : { args: reply.args }),
      };
    case "exception":
      return {
        op: "answer",
        seq,
        kind: "exception",
        type: reply.type,
        message: reply.message,
        ...(reply.args === undefined ? {} : { args: reply.args }),
      };
    case "ended":
      return { op: "answer", seq, kind: "exception", type: "SubmissionEnded", message: reply.reason };
  }
}
