/** A client socket that leaves from an address of one's choice: the ports of a single loopback address do not last for a hundred thousand connections. */
import { WebSocket } from "ws";
import type { CloseReason, OpenSocket } from "../../src/client/socket.ts";

/** Loopback addresses that connections leave from, in turn. */
const ADDRESSES = 8;

/** @param n any number; connections with different ones leave from different addresses */
export const loopback = (n: number): string => `127.0.0.${(n % ADDRESSES) + 2}`;

/** Opens sockets from `localAddress`. */
export const openFrom =
  (localAddress: string): OpenSocket =>
  (url, { maxPayload, timeoutMs }, events) => {
    const options = { perMessageDeflate: false, skipUTF8Validation: true, handshakeTimeout: timeoutMs };
    const socket = new WebSocket(url, "dojang.v1", { ...options, maxPayload, localAddress });
    let failure: Partial<CloseReason> = {};
    socket.on("open", () => events.open());
    socket.on("message", (data: Buffer) => events.message(data));
    socket.on("error", (error) => {
      failure = { text: error.message };
    });
    socket.on("close", (code, reason) => events.close({ code, text: reason.toString("utf8"), ...failure }));
    return {
      send: (bytes) => socket.send(bytes),
      close: () => socket.close(1000),
      terminate: () => socket.terminate(),
    };
  };
