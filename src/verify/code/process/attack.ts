/** Attacks a driver's box from inside, to find out whether it holds on this machine. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GymError } from "../../../../protocol/errors.ts";
import type { Box, Call, Driver, Reply } from "../driver.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { attackSource } from "./python-source.ts";

const LIMITS = { ...DEFAULT_LIMITS, memoryBytes: 128 * 2 ** 20, processes: 8 };

/** What is tried of one kind of driver. */
export interface Attacks {
  /** Names of the environment that the interpreter sets itself. */
  readonly environment: readonly string[];
  /** Functions of attack.py besides those that every driver has to withstand. */
  readonly more: readonly string[];
}

/** Closes the driver. @returns what a program could do that it must not */
export async function attackDriver(driver: Driver, { environment, more }: Attacks): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "dojang-probe-"));
  const canary = join(folder, "canary");
  writeFileSync(canary, "x", { mode: 0o644 });
  const server = await listen();
  try {
    // The port of a server that listens on TCP.
    const { port } = server.address() as AddressInfo;
    const calls: Call[] = [
      { name: "opens", args: [canary] },
      { name: "opens", args: ["/etc/passwd"] },
      { name: "connects", args: [port] },
      { name: "environment", args: [environment] },
      { name: "forks", args: [LIMITS.processes] },
      ...more.map((name) => ({ name, args: [] })),
      // Last: the judge may end the box for it a moment later.
      { name: "allocates", args: [2 * LIMITS.memoryBytes] },
    ];
    const found: string[] = [];
    let box: Box | undefined;
    for (const call of calls) {
      box ??= await driver.open({ language: "python", source: attackSource() }, { limits: LIMITS });
      const [reply] = await box.call([call]);
      found.push(...waysOut(call.name, reply!));
      // The next attack is tried, too.
      if (reply?.kind === "ended") box = undefined;
    }
    return found;
  } finally {
    server.close();
    await driver.close();
    rmSync(folder, { recursive: true });
  }
}

function waysOut(name: string, reply: Reply): string[] {
  if (reply.kind === "value" && Array.isArray(reply.value)) return reply.value.map(String);
  // Ended for trying: as good a defence as a refusal.
  if (reply.kind === "ended" && (reply.reason === "denied" || (reply.reason === "memory" && name === "allocates")))
    return [];
  if (reply.kind === "ended" && reply.reason === "infrastructure") {
    throw new GymError("VERIFIER_UNAVAILABLE", `attack ${name}: ${reply.detail}`);
  }
  const what = reply.kind === "ended" ? reply.detail : JSON.stringify(reply);
  return [`the attack ${name} could not be tried: ${what}`];
}

function listen(): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", () => resolve(server));
  });
}
