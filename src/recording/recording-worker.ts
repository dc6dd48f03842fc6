/** The thread that turns frames into packed chunks for all recorders of a process. What it is told and tells is in recording-thread.ts. */
import { parentPort } from "node:worker_threads";
import { spaceFromJson } from "../../protocol/space-json.ts";
import { ChunkEncoder, levelFor, type EncoderSpec } from "./chunk-encoder.ts";
import { packChunkNow } from "./chunk-records.ts";
import { BlockReader } from "./frame-block-reader.ts";
import { yieldToOthers } from "./yield-to-others.ts";
import type { Begin, FromThread, GivenBlock, ToThread } from "./recording-thread.ts";

interface Work {
  readonly spec: EncoderSpec;
  readonly encoder: ChunkEncoder;
  /** Its blocks, by number. */
  readonly blocks: Map<number, BlockReader>;
  failed: boolean;
}

yieldToOthers();

const works = new Map<number, Work>();

const tell = (message: FromThread, transfer?: ArrayBuffer[]): void => parentPort?.postMessage(message, transfer);

parentPort?.on("message", (message: ToThread) => {
  if (message.op === "begin") begin(message);
  else if (message.op === "block") take(message);
  else end(message.id);
});

function begin({ id, spec: { action, observation, ...rest } }: Begin): void {
  const spec = {
    ...rest,
    action: spaceFromJson(action, "action"),
    observation: spaceFromJson(observation, "observation"),
  };
  const level = levelFor(spec);
  const encoder = new ChunkEncoder(spec, (closed) => {
    const chunk = packChunkNow(closed, level);
    tell({ op: "chunk", id, chunk }, [chunk.bytes.buffer]);
  });
  works.set(id, { spec, encoder, blocks: new Map(), failed: false });
}

function take({ id, block, buffer, frames, notes }: GivenBlock): void {
  const work = works.get(id) as Work; // begun before
  if (buffer) work.blocks.set(block, new BlockReader(work.spec, buffer));
  attempt(id, work, () => {
    const reader = work.blocks.get(block) as BlockReader; // given when it was new
    for (const record of reader.frames(frames, notes)) work.encoder.add(record);
  });
  tell({ op: "done", id, block });
}

function end(id: number): void {
  const work = works.get(id) as Work; // begun before
  attempt(id, work, () => work.encoder.closeChunk());
  works.delete(id);
  tell({ op: "ended", id });
}

/** After its first failure a recording takes nothing more. */
function attempt(id: number, work: Work, run: () => void): void {
  if (work.failed) return;
  try {
    run();
  } catch (error) {
    work.failed = true;
    tell({ op: "failed", id, message: (error as Error).message });
  }
}
