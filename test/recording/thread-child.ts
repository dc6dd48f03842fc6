/** A program that records on the recording thread and then is closed, is left, fills its disk, or is killed. */
import { GymError } from "../../protocol/errors.ts";
import { BatchRunner } from "../../src/env/runner.ts";
import { createRecorder } from "../../src/recording/index.ts";
import { openFileSink, type OpenSink } from "../../src/recording/sink.ts";
import { walk } from "./envs.ts";
import { built } from "./play.ts";

const [how, path] = process.argv.slice(2) as ["close" | "leave" | "fill" | "kill", string];
const env = built(walk());
const options = { env, num: 8, seed: 1, autoreset: "same-step" as const, maxSteps: 12 };

/** Prints the bytes of the file each time a chunk has reached the disk. */
const telling: OpenSink = async (file) => {
  const sink = await openFileSink(file);
  let bytes = 0;
  return {
    async write(part) {
      await sink.write(part);
      bytes += part.length;
      process.stdout.write(`${bytes}\n`);
    },
    close: () => sink.close(),
  };
};

const recorder = await createRecorder({ ...options, path, thread: true, chunkBytes: 4_000, ...(how === "kill" && { openSink: telling }) }); // prettier-ignore
const runner = new BatchRunner(env, { ...options, observer: recorder });
const actions = Int32Array.of(0, 1, 0, 1, 0, 1, 0, 1);
const steps = how === "fill" || how === "kill" ? 1_000_000 : 100;
try {
  await runner.reset();
  // A turn of the event loop now and then, as between the requests of a client.
  for (let t = 0; t < steps; t++) {
    if (t % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    await runner.step(actions);
  }
  if (how === "close") await recorder.close();
} catch (error) {
  if (!(error instanceof GymError)) throw error;
  console.log(error.code, error.message);
  await recorder.close();
}
