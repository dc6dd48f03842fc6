/** What the protocol needs of the place it runs in: no Node, and no native code that reads a peer's bytes. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { run } from "../support/child.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

it("imports nothing of Node: every import is a file of the folder or msgpackr", () => {
  const files = readdirSync(new URL("protocol/", `file://${root}`)).filter((name) => name.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(15);
  const foreign = files.flatMap((name) =>
    [...readFileSync(`${root}protocol/${name}`, "utf8").matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)]
      .map(([, from]) => from ?? "")
      .filter((from) => from !== "msgpackr" && !/^\.\/[\w-]+\.ts$/.test(from))
      .map((from) => `${name}: ${from}`),
  );
  expect(foreign).toEqual([]);
});

const inProcess = async (script: string, ...flags: string[]): Promise<string> => {
  const args = ["--conditions=dojang-source", ...flags, "--input-type=module", "-e", script];
  const { stdout, stderr } = await run(process.execPath, args, {
    cwd: root,
    env: { MSGPACKR_NATIVE_ACCELERATION_DISABLED: undefined },
  });
  return stdout + stderr;
};

it("keeps msgpackr's native reader off in a process that imports dojang/protocol", async () => {
  const script = `await import("dojang/protocol"); console.log((await import("msgpackr")).isNativeAccelerationEnabled);`;
  expect(await inProcess(script)).toBe("false\n");
});

it("speaks the protocol where there is no process, as in a browser", async () => {
  const script = `
    const { log } = console;
    delete globalThis.process; delete globalThis.Buffer;
    const { encodeRequest, decodeRequest } = await import("dojang/protocol");
    const bytes = encodeRequest({ op: "make", id: 1, env: "größe-v1", num: 2, seed: 2 ** 53 - 1 });
    log(bytes.constructor.name, JSON.stringify(decodeRequest(bytes)));`;
  const wanted = { id: 1, request: { op: "make", id: 1, env: "größe-v1", num: 2, seed: 9007199254740991 } };
  expect(await inProcess(script, "--conditions=browser")).toBe(`Uint8Array ${JSON.stringify(wanted)}\n`);
});
