/** `dojang/client`: connects to a server. No Node imports here: the one file that differs between Node and a browser is chosen by the condition on `#socket`. */
import { openSocket } from "#socket";
import { makeClient } from "./client.ts";
import type { ConnectionOptions } from "./connection.ts";
import type { Client } from "./env.ts";

/** A client of the server at `url` (ws:// or wss://). Connects at the first call. */
export const connect = (url: string, options: ConnectionOptions = {}): Client => makeClient(url, options, openSocket);

export type { EnvInfo } from "../../protocol/env-info.ts";
export type { ConnectionOptions } from "./connection.ts";
export type { Client, Env, EnvSpaces, MakeOptions, Picture, ResetOptions, StepOptions } from "./env.ts";
