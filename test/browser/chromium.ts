/** The system's Chromium without a window, and a plain HTTP server for its pages, so that they have an origin of their own. */
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const executable = ["chromium", "chromium-browser", "google-chrome"]
  .flatMap((name) => (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name)))
  .find((path) => existsSync(path));

/** Why these tests cannot run here; undefined when they can. */
export const missingChromium: string | undefined =
  executable === undefined ? "needs Chromium: sudo apt-get install chromium" : undefined;

/** No sandbox, because CI runs as root; no background traffic, because it would only be refused. */
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: executable!, headless: true, args: ARGS });

/** A page that runs `script`, at any path of a free port of loopback. */
export async function servePage(script: string): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    const isScript = request.url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : '<!doctype html><script type="module" src="/page.js"></script>');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as AddressInfo).port };
}
