/** A bare `ws` server: what a round trip, or a connection, costs before anything is said about envs. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { answerParent } from "./processes.ts";
import { usage } from "./usage.ts";

const answers = {
  /** Answers each frame with one of `replyBytes`. */
  async start({ replyBytes }: { readonly replyBytes: number }): Promise<string> {
    const server = new WebSocketServer({
      port: 0,
      host: "127.0.0.1",
      perMessageDeflate: false,
      skipUTF8Validation: true,
      clientTracking: false,
    });
    await once(server, "listening");
    const reply = Buffer.alloc(replyBytes);
    server.on("connection", (socket) => {
      socket.on("message", () => socket.send(reply));
      socket.on("error", () => undefined);
    });
    return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },
  usage,
};

export type EchoAnswers = typeof answers;
answerParent(answers);
