/** Child processes that answer questions: the server, the echo and the load of a bench each run in one of their own. */
import { fork, type ChildProcess } from "node:child_process";
import { execArgv } from "../../src/registry/exec-argv.ts";

/** What a child can be asked: by name, with one value each way that structured cloning can carry. */
export type Answers = Readonly<Record<string, (value: never) => unknown>>;

type Asked<A extends Answers, K extends keyof A> =
  Parameters<A[K]> extends [infer V, ...unknown[]] ? [value: V] : [value?: Parameters<A[K]>[0]];

/** A child that answers `A`, as its parent sees it. */
export interface Peer<A extends Answers> extends AsyncDisposable {
  readonly pid: number;
  /** @throws Error with the child's message, or when the child has ended */
  ask<K extends keyof A & string>(name: K, ...value: Asked<A, K>): Promise<Awaited<ReturnType<A[K]>>>;
}

interface Question {
  readonly number: number;
  readonly name: string;
  readonly value: unknown;
}

type Answer = { readonly number: number; readonly value?: unknown; readonly error?: string };

/** Starts `file` with a garbage collector that can be asked for. It ends with this process, or at the end of its `await using`. */
export async function startPeer<A extends Answers>(file: URL, flags: readonly string[] = []): Promise<Peer<A>> {
  const child = fork(file, { execArgv: execArgv("--expose-gc", ...flags), serialization: "advanced" });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const ended = Promise.withResolvers<undefined>();
  child.on("message", (answer: Answer) => {
    const { resolve, reject } = waiting.get(answer.number) ?? {};
    waiting.delete(answer.number);
    if (answer.error === undefined) resolve?.(answer.value);
    else reject?.(new Error(answer.error));
  });
  child.on("exit", (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file.pathname} ended (${signal ?? String(code)})`));
    ended.resolve(undefined);
  });
  const ask = asker(child, waiting);
  await ask("ready", undefined);
  return {
    pid: child.pid ?? 0,
    ask: (name, ...[value]) => ask(name, value) as never, // the child's own type says what comes back
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await ended.promise;
    },
  };
}

function asker(child: ChildProcess, waiting: Map<number, PromiseWithResolvers<unknown>>) {
  let last = 0;
  return (name: string, value: unknown): Promise<unknown> => {
    const number = ++last;
    const answer = Promise.withResolvers<unknown>();
    if (!child.connected) return Promise.reject(new Error(`asked ${name} of a process that has ended`));
    waiting.set(number, answer);
    child.send({ number, name, value } satisfies Question);
    return answer.promise;
  };
}

/** In a child: answers the parent's questions until the parent goes. */
export function answerParent(answers: Answers): void {
  const all: Answers = { ready: () => undefined, ...answers };
  process.on("message", ({ number, name, value }: Question) => {
    const reply = (answer: Omit<Answer, "number">): void => void process.send?.({ number, ...answer });
    Promise.try(() => all[name]?.(value as never)).then(
      (result) => reply({ value: result }),
      (error: unknown) => reply({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.on("disconnect", () => process.exit(0));
}
