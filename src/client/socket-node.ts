/** A WebSocket in Node, through `ws`: it accepts headers and is faster than the built-in one. */
import { WebSocket } from "ws";
import type { ClientSocket, CloseReason, OpenSocket } from "./socket.ts";

/** Silence on the line after which the kernel asks whether the other side is there. */
const KEEP_ALIVE_MS = 10_000;

export const openSocket: OpenSocket = (url, options, events): ClientSocket => {
  const socket = new WebSocket(url, "dojang.v1", {
    perMessageDeflate: false,
    maxPayload: options.maxPayload,
    handshakeTimeout: options.timeoutMs,
    skipUTF8Validation: true,
    ...(options.token !== undefined && { headers: { authorization: `Bearer ${options.token}` } }),
  });
  let failure: Partial<CloseReason> = {};
  socket.on("upgrade", (response) => {
    // Liveness is the kernel's: it answers for a process that is busy, and notices a peer that is gone.
    response.socket.setKeepAlive(true, KEEP_ALIVE_MS);
  });
  socket.on("open", () => {
    events.open();
  });
  socket.on("message", (data: Buffer) => {
    events.message(data);
  });
  socket.on("unexpected-response", (_request, response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8").trim().slice(0, 300);
      failure = { text: body, ...(response.statusCode !== undefined && { status: response.statusCode }) };
      socket.terminate();
    });
  });
  socket.on("error", (error) => {
    failure = { text: error.message, ...failure };
  });
  socket.on("close", (code, reason) => {
    events.close({ code, text: reason.toString("utf8"), ...failure });
  });
  return {
    send(bytes) {
      socket.send(bytes);
    },
    close() {
      socket.close(1000);
    },
    terminate() {
      socket.terminate();
    },
  };
};
