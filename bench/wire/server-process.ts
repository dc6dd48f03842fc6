/** A dojang server in a process of its own, for the benches of the wire. */
import { recordInto } from "../../src/cli/record.ts";
import { addBuiltIns } from "../../src/registry/load.ts";
import { Registry } from "../../src/registry/registry.ts";
import { collectLate, serve, type DojangServer, type Logger } from "../../src/server/index.ts";
import type { Limits } from "../../src/server/options.ts";
import { answerParent } from "./processes.ts";
import { slowEnv } from "./slow-env.ts";
import { usage } from "./usage.ts";

interface Start {
  readonly limits?: Partial<Limits>;
  /** Folder for recordings. */
  readonly record?: string;
}

let server: DojangServer | undefined;

const tell = (fields: object, message: string): void =>
  void process.stderr.write(`server: ${message} ${JSON.stringify(fields)}\n`);
/** What goes wrong is for whoever runs the bench; that sessions come and go is not. */
const faultLog: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: tell,
  error: tell,
  child: () => faultLog,
};

const answers = {
  async start({ limits = {}, record }: Start): Promise<string> {
    collectLate(); // as `dojang serve` does
    const registry = new Registry();
    await addBuiltIns(registry);
    registry.add(slowEnv, "bench");
    server = await serve({
      registry,
      port: 0,
      limits,
      log: faultLog,
      ...(record !== undefined && { record: recordInto(record) }),
    });
    return server.url;
  },
  usage,
  sessions: (): number => server?.sessions ?? 0,
  /** Settles when recordings are complete. */
  async stop(): Promise<void> {
    await server?.close();
    server = undefined;
  },
};

export type ServerAnswers = typeof answers;
answerParent(answers);
