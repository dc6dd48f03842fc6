/** A WebSocket in a browser: no headers, so the token travels as a subprotocol; no reason for a refused upgrade. */
import type { ClientSocket, OpenSocket } from "./socket.ts";

/** base64url without padding. */
function base64url(text: string): string {
  const binary = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export const openSocket: OpenSocket = (url, options, events): ClientSocket => {
  const { token } = options;
  const socket = new WebSocket(url, token === undefined ? ["dojang.v1"] : ["dojang.v1", `bearer.${base64url(token)}`]);
  socket.binaryType = "arraybuffer";
  const timer = setTimeout(() => {
    socket.close();
  }, options.timeoutMs);
  socket.addEventListener("open", () => {
    clearTimeout(timer);
    events.open();
  });
  socket.addEventListener("message", (event) => {
    events.message(new Uint8Array(event.data as ArrayBuffer)); // binaryType says so
  });
  socket.addEventListener("close", (event) => {
    clearTimeout(timer);
    events.close({ code: event.code, text: event.reason });
  });
  return {
    send(bytes) {
      socket.send(bytes);
    },
    close() {
      socket.close(1000);
    },
    terminate() {
      socket.close();
    },
  };
};
