/** A server in a process of its own, for a trainer that must not share memory with what judges it. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type Client } from "../../client/index.ts";
import { GymError } from "../../../protocol/errors.ts";
import { runAgent } from "../demo/agent-process.ts";

export interface OwnServer {
  readonly client: Client;
  readonly url: string;
  readonly pid: number;
  close(): Promise<void>;
}

/** Its one token may step and choose seeds, as a group of answers to one problem needs, but not look at snapshots or recordings. */
export async function startOwnServer(): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), "dojang-r1-"));
  const file = join(folder, "token");
  const token = randomBytes(24).toString("base64url");
  writeFileSync(file, `${token} step,seeds\n`, { mode: 0o600 });
  const stop = new AbortController();
  let ended: Promise<unknown> = Promise.resolve();
  const end = async (): Promise<void> => {
    stop.abort();
    await ended.catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { url, pid } = await new Promise<{ url: string; pid: number }>((resolve, reject) => {
      const onLine = (line: object): void => void ("url" in line && resolve(line as { url: string; pid: number }));
      const args = ["serve", "--port", "0", "--token-file", file, "--log-level", "error"];
      // Not ended by Ctrl-C but by `close`: the trainer finishes its step and saves first.
      ended = runAgent(args, { folder, signal: stop.signal, onLine, ownGroup: true });
      ended.then(() => reject(new GymError("INTERNAL", "r1: server", { expected: "a server that listens", received: "its end" })), reject); // prettier-ignore
    });
    const client = connect(url, { token });
    return {
      ...{ client, url, pid },
      async close() {
        await client.close();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}
