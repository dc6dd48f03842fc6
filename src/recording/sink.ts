/** Where the bytes of a file go. Tests put slow and failing ones in its place. */
import { open } from "node:fs/promises";

export interface Sink {
  /** Appends all of `bytes`. */
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export type OpenSink = (path: string) => Promise<Sink>;

/** A new file; fails when there is one already. */
export const openFileSink: OpenSink = async (path) => {
  const file = await open(path, "wx", 0o600);
  return {
    async write(bytes) {
      for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
    },
    close: () => file.close(),
  };
};
