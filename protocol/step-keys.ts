/** Texts of the hot messages as MessagePack. */

/** A text of at most 31 ASCII characters. */
const fixedText = (text: string): Uint8Array =>
  Uint8Array.of(0xa0 + text.length, ...Array.from(text, (character) => character.charCodeAt(0)));

/** `"op": "step", "id":` as every hot message begins after its map header. */
export const STEP_HEAD = Uint8Array.from(["op", "step", "id"].flatMap((text) => [...fixedText(text)]));

/** Names of their fields. */
export const KEY = {
  ack: fixedText("ack"),
  actions: fixedText("actions"),
  index: fixedText("index"),
  status: fixedText("status"),
  observations: fixedText("observations"),
  mask: fixedText("mask"),
  rewards: fixedText("rewards"),
  terminated: fixedText("terminated"),
  truncated: fixedText("truncated"),
  final: fixedText("final"),
  episode: fixedText("episode"),
  return: fixedText("return"),
  length: fixedText("length"),
  seeds: fixedText("seeds"),
  seed: fixedText("seed"),
  timing: fixedText("timing"),
  queue: fixedText("queue"),
  encode: fixedText("encode"),
  env: fixedText("env"),
  seq: fixedText("seq"),
};
