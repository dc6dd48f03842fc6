/** A client of another age: is it told what this server speaks, and what it said itself? */
import { encodeRequest } from "../../protocol/codec.ts";
import { PROTOCOL_VERSIONS } from "../../protocol/messages.ts";
import { startPeer } from "./processes.ts";
import { RawPeer } from "./raw-peer.ts";
import type { ServerAnswers } from "./server-process.ts";

export interface VersionsFigures {
  /** The error that a client of versions 98 and 99 gets. */
  readonly message: string;
  /** It is BAD_VERSION, names both ranges and says who is to be updated, and the socket is closed. */
  readonly told: boolean;
}

const LATER = [98, 99] as const;

export async function checkVersions(): Promise<VersionsFigures> {
  await using server = await startPeer<ServerAnswers>(new URL("./server-process.ts", import.meta.url));
  const peer = await RawPeer.open(await server.ask("start", {}));
  const answer = await peer.ask(encodeRequest({ op: "hello", id: 1, versions: LATER, client: "from the future" }));
  const closed = await peer.closed;
  const message = answer?.op === "error" ? answer.message : "";
  const [oldest, newest] = PROTOCOL_VERSIONS;
  const names = [`${oldest}..${newest}`, "98", "99", "Update the server"].every((part) => message.includes(part));
  return {
    message,
    told: names && answer?.op === "error" && answer.code === "BAD_VERSION" && closed === "BAD_VERSION",
  };
}
