/** HTTP by hand: requests that no well-behaved client would send, written to a TCP connection as they are. */
import { connect, type Socket } from "node:net";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export interface RawResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A TCP connection that is gone when the test ends. */
export async function dial(port: number, host = "127.0.0.1"): Promise<Socket> {
  const socket = connect(port, host);
  socket.on("error", () => undefined);
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, "connect");
  return socket;
}

/** Sends lines and reads until the server closes. @param lines request line and headers, without `connection` @param address what to connect to, 127.0.0.1 by default */
export async function rawRequest(
  port: number,
  lines: readonly string[],
  body = "",
  address?: string,
): Promise<RawResponse> {
  const socket = await dial(port, address);
  socket.write(`${[...lines, "Connection: close"].join("\r\n")}\r\n\r\n${body}`);
  return parse(await text(socket));
}

export const UPGRADE = [
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
  "Sec-WebSocket-Protocol: dojang.v1",
];

/** Asks for a WebSocket; gives the first answer and drops the connection. */
export async function rawUpgrade(port: number, lines: readonly string[]): Promise<RawResponse> {
  const socket = await dial(port);
  socket.write(`${[...lines, ...UPGRADE, "Connection: Upgrade"].join("\r\n")}\r\n\r\n`);
  const [first] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return parse(first.toString("latin1"));
}

function parse(answer: string): RawResponse {
  const [head = "", ...rest] = answer.split("\r\n\r\n");
  const [line = "", ...headers] = head.split("\r\n");
  const fields = headers.map((header): [string, string] => [
    header.replace(/:.*/, "").toLowerCase(),
    header.replace(/^[^:]*: */, ""),
  ]);
  return {
    status: Number(line.split(" ")[1]),
    headers: Object.fromEntries(fields),
    body: rest.join("\r\n\r\n").trim(),
  };
}
