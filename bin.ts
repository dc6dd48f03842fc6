#!/usr/bin/env node
/** The `dojang` command. It checks the Node version before it loads anything, so an old Node gets one line and no stack trace. */

// No static import and no syntax newer than Node 12 may stand in this file: an old Node has to be able to parse it.
const oldest = [22, 18];
const running = process.versions.node.split(".").map(Number);

if (running[0]! < oldest[0]! || (running[0] === oldest[0] && running[1]! < oldest[1]!)) {
  console.error(
    "dojang: expected Node " +
      oldest.join(".") +
      " or newer, got " +
      process.versions.node +
      ". Install Node 24 LTS from nodejs.org.",
  );
  process.exitCode = 2;
} else {
  void run();
}

async function run(): Promise<void> {
  const { main } = await import("./src/cli/main.ts");
  process.exitCode = await main(process.argv.slice(2));
}
