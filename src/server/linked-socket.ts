/** A WebSocket that tells one object what happens to it: tables of listeners, with a closure in each place, are a quarter of what an idle connection takes. */
import { WebSocket } from "ws";

/** Who owns a socket. */
export interface SocketOwner {
  onMessage(data: Buffer, isBinary: boolean): void;
  onPing(data: Buffer): void;
  onError(error: Error): void;
  onClose(): void;
}

export class LinkedSocket extends WebSocket {
  /** Told of messages, pings, errors and the close, which then reach no listeners. Set in the turn in which the socket opens. */
  owner: SocketOwner | undefined;

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    const { owner } = this;
    if (owner === undefined) return super.emit(event, ...args);
    // The types of what `ws` gives with each event are those of its documentation.
    if (event === "message") owner.onMessage(args[0] as Buffer, args[1] as boolean);
    else if (event === "ping") owner.onPing(args[0] as Buffer);
    else if (event === "error") owner.onError(args[0] as Error);
    else if (event === "close") owner.onClose();
    else return super.emit(event, ...args);
    return true;
  }
}
