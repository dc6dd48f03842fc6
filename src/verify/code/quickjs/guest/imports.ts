/** Runs inside the sandbox: a function of a test program that calls the submission in its own sandbox. */
import type { Primordials } from "./primordials.ts";

interface Answer {
  readonly kind: "value" | "exception";
  readonly value?: unknown;
  readonly type?: string;
  readonly message?: string;
}

/** @param ask hands the call to the host and waits for the answer, both as JSON text */
export function importsOf(
  P: Primordials,
  name: string,
  encode: (value: unknown, maxLength: number) => string,
  decode: (text: string) => unknown[],
  ask: (name: string, args: string) => string,
  maxLength: number,
) {
  const rebuilt = (type: string, message: string): Error => {
    // What a program may tell apart with instanceof keeps its type, anything else its name.
    if (type === "TypeError") return P.construct<Error>(P.TypeError, [message]);
    if (type === "RangeError") return P.construct<Error>(P.RangeError, [message]);
    return P.failure(type, message);
  };
  return (...args: unknown[]): unknown => {
    const answer = P.parse(ask(name, encode(args, maxLength))) as Answer;
    if (answer.kind === "exception") throw rebuilt(answer.type!, answer.message!);
    return decode(P.stringify([answer.value]))[0];
  };
}
