/** The little that the client needs of a WebSocket, so that Node and browsers differ in one file each. */

export interface SocketEvents {
  open(): void;
  /** Bytes belong to the receiver; they may be a view at any offset. */
  message(bytes: Uint8Array): void;
  /** Called once, whatever ended the socket. */
  close(reason: CloseReason): void;
}

export interface CloseReason {
  /** WebSocket close code, 1006 when there was no close frame. */
  readonly code: number;
  /** What is known of why, for people. */
  readonly text: string;
  /** HTTP status of a refused upgrade, where it can be seen. */
  readonly status?: number;
}

export interface ClientSocket {
  send(bytes: Uint8Array): void;
  close(): void;
  /** Drops the connection without a close frame. */
  terminate(): void;
}

export interface SocketOptions {
  readonly token?: string;
  /** Largest frame accepted, in bytes. */
  readonly maxPayload: number;
  /** Milliseconds to wait for the upgrade. */
  readonly timeoutMs: number;
}

export type OpenSocket = (url: string, options: SocketOptions, events: SocketEvents) => ClientSocket;
