/** The envs a command works on: those of this process, or of the server that --server names. */
import { readFileSync } from "node:fs";
import { GymError } from "../../protocol/errors.ts";
import type { EnvInfo } from "../../protocol/env-info.ts";
import type { ObserverFactory } from "../env/observer.ts";
import { connect, type Client, type MakeOptions } from "../client/index.ts";
import { local } from "../client/local/index.ts";
import type { BuildEnv } from "../recording/index.ts";
import { envInfo } from "../registry/index.ts";
import { envIdOf, isPluginPath, loadRegistry } from "./catalogue.ts";
import { wrongCall } from "./errors.ts";
import { OperatorParams } from "./operator-params.ts";
import type { Given } from "./options.ts";
import { recordInto } from "./record.ts";

export type ClientOptions = Given<
  "server" | "tokenFile" | "plugin" | "record" | "recordObservations" | "envParam" | "data"
>;

/** A client, and what a command asks of the catalogue behind it. */
export interface Workplace {
  readonly client: Client;
  /** The id that ENV (an id or a plugin file) stands for. */
  envId(name: string): Promise<string>;
  info(id: string): Promise<EnvInfo>;
  /** Envs to play recordings again with; absent where they are a server's. */
  readonly build?: BuildEnv;
  close(): Promise<void>;
}

/** Milliseconds that a step under way has after Ctrl-C: a server that is gone would keep it waiting. */
const GRACE_MS = 2_000;

/** Opens a workplace, uses it, closes it: also when what uses it does not end after Ctrl-C. @param log what plugins tell their operator */
export async function atWorkplace<T>(
  options: ClientOptions,
  signal: AbortSignal,
  use: (place: Workplace) => Promise<T>,
  log?: (message: string) => void,
): Promise<T> {
  const place = await openWorkplace(options, log);
  let timer: NodeJS.Timeout | undefined;
  const leave = (): void => {
    // What still waits for a reply is rejected by this.
    timer = setTimeout(() => void place.client.close(), GRACE_MS);
  };
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await use(place);
  } finally {
    signal.removeEventListener("abort", leave);
    clearTimeout(timer);
    await place.close();
  }
}

/** @throws {GymError} BAD_PARAM, BAD_PLUGIN */
async function openWorkplace(options: ClientOptions, log?: (message: string) => void): Promise<Workplace> {
  const { server, plugin, record, envParam, data } = options;
  if (server === undefined) return await inProcess(options, log);
  const advice = (flag: string): string => `Give ${flag} to \`dojang serve\`.`;
  if (plugin !== undefined) throw wrongCall("--plugin", "none beside --server", plugin, advice("--plugin"));
  if (envParam !== undefined) throw wrongCall("--env-param", "none beside --server", envParam, advice("--env-param"));
  if (data !== undefined) throw wrongCall("--data", "none beside --server", data, advice("--data"));
  if (record !== undefined)
    throw wrongCall("--record", "none beside --server", record, `The server records: ${advice("--record")}`);
  return remote(server, options);
}

async function inProcess(options: ClientOptions, log?: (message: string) => void): Promise<Workplace> {
  const operator = new OperatorParams(options);
  const registry = await loadRegistry(options.plugin, { operator, ...(log && { log }) });
  const record = observerOf(options);
  const client = asking(local({ registry, ...(record && { record }) }), options);
  return {
    client,
    envId: (name) => envIdOf(registry, name),
    info: (id) => envInfo(registry, id),
    build: (id, params) => registry.build(id, params),
    async close() {
      await client.close();
      await registry.close();
    },
  };
}

const observerOf = ({ record, recordObservations }: ClientOptions): ObserverFactory | undefined =>
  record === undefined ? undefined : recordInto(record, { observations: recordObservations ?? false });

function remote(server: string, options: ClientOptions): Workplace {
  const { tokenFile } = options;
  const client = asking(
    connect(checkUrl(server), tokenFile === undefined ? {} : { token: firstToken(tokenFile) }),
    options,
  );
  return {
    client,
    envId(name) {
      if (!isPluginPath(name)) return Promise.resolve(name);
      throw wrongCall("ENV", "the id of an env of the server", name, "Give the file to `dojang serve --plugin`.");
    },
    async info(id) {
      const found = (await client.envs()).find((info) => info.id === id);
      if (found !== undefined) return found;
      // The server's own answer names the nearest id.
      await client.make(id);
      throw wrongCall("ENV", "an env in the catalogue", id);
    },
    close: () => client.close(),
  };
}

/** The same client, asking for full observations where they are wanted; a server that cannot be reached is a wrong --server. */
function asking(client: Client, { recordObservations }: ClientOptions): Client {
  const wanted: MakeOptions = recordObservations === undefined ? {} : { recordObservations };
  const reach = async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await call;
    } catch (error) {
      if (!(error instanceof GymError) || error.code !== "CONNECTION_LOST") throw error;
      throw new GymError("BAD_PARAM", `--server: ${error.message}`, {}, error);
    }
  };
  return {
    make: (id, options) => reach(client.make(id, { ...options, ...wanted })),
    envs: () => reach(client.envs()),
    close: () => client.close(),
  };
}

function checkUrl(server: string): string {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url?.protocol === "ws:" || url?.protocol === "wss:") return server;
  const hint =
    url?.protocol === "http:" ? `Did you mean ${server.replace(/^http/, "ws")}?` : "`dojang serve` prints it.";
  throw wrongCall("--server", "an address such as ws://127.0.0.1:7766", server, hint);
}

/** The first token of a token file, without its capabilities. */
export function firstToken(file: string): string {
  const line = readFileSync(file, "utf8")
    .split("\n")
    .map((text) => text.trim())
    .find((text) => text !== "" && !text.startsWith("#"));
  const token = line?.split(/\s+/)[0];
  if (token === undefined) throw wrongCall(`--token-file ${file}`, "a token in its first line", "none");
  return token;
}
