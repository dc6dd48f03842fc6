/** `connect(url)`: a client of a server, over any kind of socket. */
import type { EnvInfo } from "../../protocol/env-info.ts";
import type { EnvLine } from "../../protocol/messages.ts";
import { GymError } from "../../protocol/errors.ts";
import { checkSeed } from "../../protocol/seed.ts";
import { spaceFromJson } from "../../protocol/space-json.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import type { Client, Env, MakeOptions } from "./env.ts";
import { checkMake, checkOptions, CONNECT } from "./options.ts";
import { RemoteEnv } from "./remote-env.ts";
import type { OpenSocket } from "./socket.ts";

/** @param url ws:// or wss://; the connection is made by the first call @throws {GymError} BAD_PARAM for an option that is none */
export function makeClient(url: string, options: ConnectionOptions, openSocket: OpenSocket): Client {
  checkOptions(CONNECT, options);
  const connection = new Connection(url, options, openSocket);
  return {
    async make(env: string, options: MakeOptions = {}): Promise<Env> {
      checkMake(options, env);
      const { num = 1, recordObservations, workers, ...rest } = options;
      if (workers !== undefined && workers !== 1)
        throw new GymError("UNSUPPORTED", `${env}: workers`, { hint: "A server decides for itself how it steps a batch; make the env in process." }); // prettier-ignore
      if (rest.seed !== undefined) checkSeed(rest.seed, `${env}: seed`);
      await connection.open();
      const record = recordObservations === undefined ? {} : { record: { observations: recordObservations } };
      return new RemoteEnv(connection, await connection.request("make", { env, num, ...rest, ...record }));
    },
    async envs(): Promise<EnvInfo[]> {
      await connection.open();
      const { envs } = await connection.request("envs", {});
      return envs.map(envInfo);
    },
    close(): Promise<void> {
      connection.close();
      return Promise.resolve();
    },
  };
}

function envInfo({ action, observation, ...rest }: EnvLine): EnvInfo {
  return {
    ...rest,
    ...(action !== undefined && { action: spaceFromJson(action) }),
    ...(observation !== undefined && { observation: spaceFromJson(observation) }),
  };
}
