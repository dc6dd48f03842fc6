/** A program that records until it is killed: prints the bytes of its file each time a chunk has reached the disk. */
import { openFileSink } from "../../src/recording/sink.ts";
import { walk } from "./envs.ts";
import { built, play } from "./play.ts";

await play({
  path: process.argv[2] as string,
  env: built(walk()),
  num: 8,
  steps: 1_000_000,
  chunkBytes: 4_000,
  openSink: async (path) => {
    const sink = await openFileSink(path);
    let bytes = 0;
    return {
      async write(part) {
        await sink.write(part);
        bytes += part.length;
        process.stdout.write(`${bytes}\n`);
      },
      close: () => sink.close(),
    };
  },
});
