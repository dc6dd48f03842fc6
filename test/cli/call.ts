/** Runs the `dojang` command in this process and keeps what it writes: for calls that end by themselves. */
import { main } from "../../src/cli/main.ts";
import type { RunResult } from "../support/child.ts";

export interface CallOptions {
  readonly variables?: Readonly<Record<string, string>>;
  /** Where dojang.config.ts is looked for. Default: a folder without one. */
  readonly folder?: string;
  /** Make the command believe that stderr is a terminal. */
  readonly terminal?: boolean;
}

export type CallResult = Pick<RunResult, "code" | "stdout" | "stderr">;

/** `await call("envs", "--json")` */
export const call = (...args: readonly string[]): Promise<CallResult> => callIn({}, ...args);

export async function callIn(options: CallOptions, ...args: readonly string[]): Promise<CallResult> {
  const written = { stdout: "", stderr: "" };
  const { variables = {}, folder = "/nowhere", terminal = false } = options;
  const stream = (name: keyof typeof written) => ({
    isTTY: terminal,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const code = await main(args, { stdout: stream("stdout"), stderr: stream("stderr"), variables, folder });
  return { code, ...written };
}

/** The last line as JSON. */
export const lastLine = ({ stdout }: Pick<CallResult, "stdout">): unknown =>
  JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");

/** What a wrong call gives: status 2, nothing on stdout, one line on stderr. */
export const wrong = (message: string): CallResult => ({ code: 2, stdout: "", stderr: `dojang: ${message}\n` });
