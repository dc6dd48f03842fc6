/** `dojang serve`: envs over WebSocket until Ctrl-C. */
import { homedir } from "node:os";
import { join } from "node:path";
import { loadRegistry } from "../catalogue.ts";
import { checkersOf } from "../checkers-of.ts";
import { subcommand, type Call } from "../command.ts";
import { EXIT, failureOf } from "../errors.ts";
import { aborted } from "../interrupt.ts";
import { LISTEN, listenOptions } from "../listen-options.ts";
import { fileName, recordInto } from "../record.ts";
import {
  collectLate,
  jsonLogger,
  readLimits,
  serve as startServer,
  snapshotKey,
  type Logger,
  type ServerOptions,
} from "../../server/index.ts";
import type { Registry } from "../../registry/index.ts";
import { OperatorParams } from "../operator-params.ts";

const NAMES = [
  ...LISTEN,
  "plugin",
  "record",
  "recordObservations",
  "limit",
  "logLevel",
  "envParam",
  "data",
  "checkers",
] as const;
type ServeCall = Call<(typeof NAMES)[number] | "json">;

export const serve = subcommand({
  name: "serve",
  arguments: [],
  options: NAMES,
  examples: [
    "dojang serve",
    "dojang serve --plugin ./corridor.ts --record recordings",
    "dojang serve --host 0.0.0.0 --token-file tokens.txt",
    "dojang serve --data prices --env-param Portfolio-v0.file=mine.csv",
  ],
  runsUntilStopped: true,
  async run(call) {
    const { options, out, signal } = call;
    const log = jsonLogger({ level: options.logLevel ?? "info", stream: out.stderr });
    const operator = new OperatorParams(options);
    const registry = await loadRegistry(options.plugin, {
      operator,
      log: (line) => {
        log.info({}, line);
      },
    });
    try {
      collectLate();
      await tryOut(registry, operator, log);
      const checkers = await checkersOf(options.checkers);
      const server = await startServer({ ...serverOptions(call), ...stateOf(call), registry, log, checkers });
      const envs = registry.ids();
      out.result(
        { url: server.url, envs, pid: process.pid },
        `${server.url} serves ${envs.length} envs (Ctrl-C stops)`,
      );
      await aborted(signal);
      await server.close();
      return EXIT.done;
    } finally {
      await registry.close();
    }
  },
});

/** Builds what --env-param names, so that the operator hears of a wrong file at once; it may be mended while the server runs. */
async function tryOut(registry: Registry, operator: OperatorParams, log: Logger): Promise<void> {
  for (const id of operator.envs(registry)) {
    try {
      const lease = await registry.lease(id);
      await lease.release();
    } catch (error) {
      log.warn({ env: id }, `clients cannot make ${id}: ${failureOf(error).message}`);
    }
  }
}

function serverOptions({ options }: ServeCall): Omit<ServerOptions, "registry"> {
  const { record, recordObservations } = options;
  return {
    ...listenOptions(options),
    ...(record !== undefined && { record: recordInto(record, { observations: recordObservations ?? false }) }),
    ...(options.limit !== undefined && { limits: readLimits(options.limit) }),
  };
}

/**
 * The key of this user's servers, so that snapshots outlive a restart, and where the sessions of this address wait for one;
 * where no file can be kept, both end with this server.
 */
function stateOf({
  options: { host = "", port = 0 },
  out,
}: ServeCall): Pick<ServerOptions, "snapshotKey" | "sessionFolder"> {
  const folder = join(process.env["XDG_STATE_HOME"] ?? join(homedir(), ".local", "state"), "dojang");
  try {
    const key = snapshotKey(join(folder, "snapshot.key"));
    // A port that was picked at random is not found again.
    return port === 0
      ? { snapshotKey: key }
      : { snapshotKey: key, sessionFolder: join(folder, "sessions", fileName(`${host}-${port}`)) };
  } catch (error) {
    out.note(`dojang: snapshots and sessions end with this server: ${failureOf(error).message}`);
    return {};
  }
}
