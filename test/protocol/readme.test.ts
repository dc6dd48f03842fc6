/** The specification is read by this test: its hex examples decode, its tables name every field, its codes are those of the code. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Check } from "../../protocol/checks.ts";
import { REPLY_FIELDS, REQUEST_FIELDS } from "../../protocol/fields.ts";
import {
  decodeFrame,
  decodeReply,
  decodeRequest,
  encodeReply,
  encodeRequest,
  ERROR_CODES,
  fromColumns,
  getRow,
  layout,
  REPLY_LIMITS,
  SCAN_LIMITS,
  spaceFromJson,
} from "../../protocol/index.ts";
import { fromHex, toHex, typed } from "./vectors.ts";

const readme = readFileSync(new URL("../../protocol/README.md", import.meta.url), "utf8");

/** Bodies of the fenced blocks whose info string begins with `kind`. */
const blocks = (kind: string): { info: string; body: string }[] =>
  [...readme.matchAll(/^```(\S+(?: \S+)?)\n([\s\S]*?)^```$/gm)]
    .map(([, info = "", body = ""]) => ({ info, body }))
    .filter(({ info }) => info.split(" ")[0] === kind);

/** Cells of the table rows below a heading, up to the next heading. */
function table(heading: string): string[][] {
  const from = readme.indexOf(`\n${heading}\n`);
  if (from < 0) throw new Error(`the README has no heading ${heading}`);
  const rest = readme.slice(from + heading.length + 2);
  // The first table of the section: lines that begin with a bar, without a gap.
  const lines = rest.slice(rest.indexOf("\n|") + 1).split("\n");
  const rows = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith("|")),
  );
  return rows.slice(2).map((row) => row.slice(1, -1).split("|").map((cell) => cell.trim())); // prettier-ignore
}

const bytesIn = (body: string): Uint8Array => fromHex(body.replace(/#.*$/gm, "").replace(/\s/g, ""));

describe("the session in hex", () => {
  const messages = blocks("hex").map(({ info, body }) => ({ info, bytes: bytesIn(body) }));
  const sent = messages.filter(({ info }) => info === "hex request");
  const got = messages.filter(({ info }) => info === "hex reply");
  const requests = sent.flatMap(({ bytes }) => decodeRequest(bytes).request ?? []);
  const replies = got.map(({ bytes }) => decodeReply(bytes));

  it("decodes, message by message, and is what the encoder writes", () => {
    expect([sent.length, got.length, messages.length]).toEqual([8, 8, 16]);
    expect(requests.map((request) => toHex(encodeRequest(request)))).toEqual(sent.map(({ bytes }) => toHex(bytes)));
    expect(replies.map((reply) => toHex(encodeReply(reply)))).toEqual(got.map(({ bytes }) => toHex(bytes)));
  });

  it("answers each request by its id", () => {
    expect(replies.map(({ id }) => id)).toEqual(requests.map(({ id }) => id));
    expect(replies.map(({ op }) => op)).toEqual(["welcome", "make", "reset", "step", "step", "step", "error", "close"]);
  });

  it("holds the frames that its words tell of", () => {
    const made = replies.find((reply) => reply.op === "make")!;
    const spaces = { action: spaceFromJson(made.spaces.action), observation: spaceFromJson(made.spaces.observation) };
    expect(made.layout).toEqual({ action: layout(spaces.action), observation: layout(spaces.observation) });
    const frames = replies
      .filter((reply) => reply.op === "reset" || reply.op === "step")
      .map((reply) => decodeFrame(reply, spaces));
    expect(frames.map(({ status }) => [...status])).toEqual([[1, 1], [0, 0], [1, 0], [0, 0]]); // prettier-ignore
    expect(frames.map(({ observations }) => observations)).toEqual(
      [[1, 0], [2, 0], [0, 1], [1, 0]].map((cells) => new Int32Array(cells)), // prettier-ignore
    );
    expect(frames[1]!.episode).toEqual({
      index: new Uint32Array([0]),
      return: new Float64Array([-1]),
      length: new Int32Array([1]),
    });
  });

  it("is commented with the fields that it holds", () => {
    for (const { body } of blocks("hex")) {
      const fields = Object.keys(decodeAny(bytesIn(body)));
      for (const field of fields) expect(body).toContain(`${field}: `);
    }
  });
});

describe("the examples of columns", () => {
  const examples = blocks("columns").map(({ body }) => ({ body, kind: /"kind": "(\w+)"/.exec(body)?.[1] }));

  it.each(examples)("hold the values of a $kind space", ({ body }) => {
    const lines = (name: string): string[] =>
      body.split("\n").filter((line) => line.startsWith(name)).map((line) => line.slice(name.length).trim()); // prettier-ignore
    const space = spaceFromJson(JSON.parse(lines("space")[0]!));
    const values = JSON.parse(lines("values")[0]!) as unknown[];
    const batch = fromColumns(space, lines("column").map(bytesIn), values.length, "README");
    expect(values.map((_, i) => getRow(space, batch, i))).toEqual(values.map((value) => typed(space, value)));
  });

  it("are there for every kind of space but tuple, which is like dict", () => {
    const kinds = examples.map(({ kind }) => kind);
    expect(kinds).toEqual(["discrete", "box", "multiDiscrete", "multiBinary", "text", "dict", "oneOf", "sequence"]);
  });
});

describe("the tables", () => {
  const frameRows = table("### Frame fields");
  const documented = (heading: string): string[] =>
    table(heading).flatMap(([name = ""]) => (name === "(frame)" ? frameRows : [[name]])).map(([name = ""]) => name.replaceAll("`", "")).sort(); // prettier-ignore
  const known = (fields: object): string[] =>
    Object.entries(fields as Record<string, Check>)
      .map(([name, check]) => (check.isOptional === true ? `${name}?` : name))
      .sort();

  it.each(Object.entries(REQUEST_FIELDS))(
    "name every field of the request %s, and which may be left out",
    (op, fields) => {
      expect(documented(`#### request \`${op}\``)).toEqual(known(fields));
    },
  );

  it.each(Object.entries(REPLY_FIELDS))("name every field of the reply %s, and which may be left out", (op, fields) => {
    expect(documented(`#### reply \`${op}\``)).toEqual(known(fields));
  });

  it("hold every error code, whether it closes the socket and whether to retry", () => {
    const yes = (flag: boolean): string => (flag ? "yes" : "no");
    expect(table("## Errors").map(([code, closes, retryable]) => [code, closes, retryable])).toEqual(
      Object.entries(ERROR_CODES).map(([code, { closes, retryable }]) => [`\`${code}\``, yes(closes), yes(retryable)]),
    );
  });

  it("hold the numbers of vectors/rng.json", () => {
    const url = new URL("../../protocol/vectors/rng.json", import.meta.url);
    const { streams } = JSON.parse(readFileSync(url, "utf8")) as {
      streams: { seed: number; draws: number[]; uniforms: number[] }[];
    };
    for (const { seed, draws, uniforms } of streams) {
      const row = `| ${seed} | ${draws.join(" ")} | ${uniforms.join(" ")} |`;
      expect(readme.includes(row), row).toBe(true);
    }
  });

  it("and words hold the limits of the scanner", () => {
    const words = readme.replace(/\s+/g, " ");
    for (const [limit, said] of [
      [SCAN_LIMITS.maxDepth, "more than 32 levels"],
      [SCAN_LIMITS.maxElements, "more than 262,144 list items and map entries"],
      [REPLY_LIMITS.maxElements, "allow replies 4,194,304 items and entries"],
      [SCAN_LIMITS.maxKeyBytes, "longer than 256 bytes"],
      [SCAN_LIMITS.maxTextBytes / 2 ** 20, "a text over 8 MiB"],
      [SCAN_LIMITS.maxBinBytes / 2 ** 20, "bytes over 256 MiB"],
    ] as const) {
      expect(words.includes(said), said).toBe(true);
      expect(said.replaceAll(",", "")).toContain(String(limit));
    }
  });
});

/** A message whichever way it goes. */
function decodeAny(bytes: Uint8Array): object {
  const { request } = decodeRequest(bytes);
  return request ?? decodeReply(bytes);
}
