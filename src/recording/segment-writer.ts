/** Segments -> MessagePack, field by field: a recording at full speed closes thousands of segments a second. Decoding is in segment-codec.ts. */
import { packedName as name, type ByteWriter } from "./byte-writer.ts";
import type { EpisodeStart, Segment } from "./format.ts";

/** Fields that every segment has. */
const FIELDS = {
  instance: name("instance"),
  start: name("start"),
  steps: name("steps"),
  wall: name("wall"),
  open: name("open"),
  episodes: name("episodes"),
  first: name("first"),
  actions: name("actions"),
  rewards: name("rewards"),
  terminated: name("terminated"),
  truncated: name("truncated"),
  digests: name("digests"),
};
const NAMES = { ...FIELDS, episode: name("episode"), seed: name("seed"), at: name("at"), step: name("step"), options: name("options"), restored: name("restored") }; // prettier-ignore

export function writeSegment(out: ByteWriter, segment: Segment): void {
  out.map(Object.keys(FIELDS).length + rareFields(segment));
  writeHead(out, segment);
  out.bytes(NAMES.first);
  out.binary(segment.first);
  out.bytes(NAMES.actions);
  writeColumns(out, segment.actions);
  out.bytes(NAMES.rewards);
  out.binary(segment.rewards);
  out.bytes(NAMES.terminated);
  out.binary(segment.terminated);
  out.bytes(NAMES.truncated);
  out.binary(segment.truncated);
  out.bytes(NAMES.digests);
  out.binary(segment.digests);
  writeRare(out, segment);
}

/** How many fields `writeRare` writes. */
function rareFields({ observations, firstObservations, masks, firstMasks, parts, extras, faults }: Segment): number {
  let count = 0;
  for (const field of [observations, firstObservations, masks, firstMasks, parts, extras, faults]) if (field) count++;
  return count;
}

function writeRare(out: ByteWriter, segment: Segment): void {
  const { observations, firstObservations, masks, firstMasks, parts, extras, faults } = segment;
  if (observations) writeColumns(named(out, "observations"), observations);
  if (firstObservations) writeColumns(named(out, "firstObservations"), firstObservations);
  if (masks) named(out, "masks").binary(masks);
  if (firstMasks) named(out, "firstMasks").binary(firstMasks);
  if (parts) named(out, "parts").value(parts);
  if (extras) named(out, "extras").value(extras);
  if (faults) named(out, "faults").value(faults);
}

function named(out: ByteWriter, field: string): ByteWriter {
  out.value(field);
  return out;
}

function writeColumns(out: ByteWriter, columns: readonly Uint8Array[]): void {
  out.list(columns.length);
  for (const column of columns) out.binary(column);
}

function writeHead(out: ByteWriter, { instance, start, steps, wall, open, episodes }: Segment): void {
  out.bytes(NAMES.instance);
  out.uint(instance);
  out.bytes(NAMES.start);
  out.uint(start);
  out.bytes(NAMES.steps);
  out.uint(steps);
  out.bytes(NAMES.wall);
  out.list(2);
  out.double(wall[0]);
  out.double(wall[1]);
  out.bytes(NAMES.open);
  if (open === null) out.nil();
  else {
    out.map(2);
    out.bytes(NAMES.episode);
    out.uint(open.episode);
    out.bytes(NAMES.step);
    out.uint(open.step);
  }
  out.bytes(NAMES.episodes);
  out.list(episodes.length);
  for (const episode of episodes) writeEpisode(out, episode);
}

function writeEpisode(out: ByteWriter, { episode, seed, at, step, options, restored }: EpisodeStart): void {
  out.map(4 + (options === undefined ? 0 : 1) + (restored ? 1 : 0));
  out.bytes(NAMES.episode);
  out.uint(episode);
  out.bytes(NAMES.seed);
  out.uint(seed);
  out.bytes(NAMES.at);
  out.uint(at);
  out.bytes(NAMES.step);
  out.uint(step);
  if (options !== undefined) {
    out.bytes(NAMES.options);
    out.value(options);
  }
  if (restored) {
    out.bytes(NAMES.restored);
    out.value(true);
  }
}
