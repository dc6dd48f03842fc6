/** Rows of data sets: JSON Lines, Parquet, and the hub, which is a local HTTP server here. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readDataset, type DatasetSource } from "../../../envs/shared/dataset/dataset.ts";
import { textAt, valueAt, type Row } from "../../../envs/shared/dataset/row.ts";

let folder: string;
let logged: string[];
const host = { log: (message: string) => void logged.push(message) };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dojang-dataset-"));
  logged = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const source = (given: Partial<DatasetSource>): DatasetSource => ({
  file: "",
  folder,
  hub: "",
  hubConfig: "",
  hubSplit: "train",
  hubUrl: "http://127.0.0.1:1",
  limit: 1_000_000,
  ...given,
});
const read = (given: Partial<DatasetSource>): Promise<Row[]> => readDataset(source(given), "math-v0", host);
const questions = (rows: readonly Row[]): unknown[] => rows.map(({ values }) => values["question"]);

const parquet = (rows: readonly (readonly [string, string])[]): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "question", data: rows.map(([question]) => question), type: "STRING" },
        { name: "answer", data: rows.map(([, answer]) => answer), type: "STRING" },
      ],
    }),
  );

describe("a file", () => {
  it("of JSON Lines gives a row a line, without the empty ones", async () => {
    writeFileSync(join(folder, "a.jsonl"), '{"question":"1+1","answer":"2"}\r\n\n{"question":"2+2"}\n');
    expect(await read({ file: "a.jsonl" })).toEqual([
      { where: "line 1", values: { question: "1+1", answer: "2" } },
      { where: "line 3", values: { question: "2+2" } },
    ]);
  });

  it("of Parquet gives its rows", async () => {
    writeFileSync(join(folder, "a.parquet"), parquet([["1+1", "2"], ["2+2", "4"]])); // prettier-ignore
    expect((await read({ file: "a.parquet" })).map(({ where, values }) => ({ where, ...values }))).toEqual([
      { where: "row 1", question: "1+1", answer: "2" },
      { where: "row 2", question: "2+2", answer: "4" },
    ]);
  });

  it("is read up to the limit", async () => {
    writeFileSync(join(folder, "a.jsonl"), '{"question":1}\n{"question":2}\n{"question":3}\n');
    writeFileSync(join(folder, "a.parquet"), parquet([["1", "2"], ["2", "4"], ["3", "4"]])); // prettier-ignore
    expect(questions(await read({ file: "a.jsonl", limit: 2 }))).toEqual([1, 2]);
    expect(questions(await read({ file: "a.parquet", limit: 2 }))).toEqual(["1", "2"]);
  });

  it.each([
    ["broken.jsonl", '{"question":1}\n{"question":', /line 2: expected one JSON object/],
    ["list.jsonl", "[1]\n", /line 1: expected one JSON object/],
    ["empty.jsonl", "\n", /expected at least one row, got "?none/],
    ["none.parquet", "no parquet", /expected a Parquet file/],
    ["cut.parquet", Buffer.from(parquet([["1", "2"]])).subarray(0, 60), /expected a Parquet file/],
    ["latin.jsonl", Buffer.from([0x22, 0xe9, 0x22]), /expected UTF-8 text/],
  ] as const)("%s is refused with the place that is wrong", async (file, content, message) => {
    writeFileSync(join(folder, file), content);
    await expect(read({ file })).rejects.toThrow(message);
  });

  it("outside of the folder is refused, and its name is told to the operator alone", async () => {
    mkdirSync(join(folder, "data"));
    writeFileSync(join(folder, "secret.jsonl"), '{"question":1}\n');
    symlinkSync(join(folder, "secret.jsonl"), join(folder, "data", "link.jsonl"));
    for (const file of ["../secret.jsonl", join(folder, "secret.jsonl"), "link.jsonl", "absent.jsonl"]) {
      const error = await read({ folder: join(folder, "data"), file }).catch((thrown: unknown) => String(thrown));
      expect(error).toMatch(/param file: expected a file inside the data folder/);
      expect(error).not.toContain("secret");
    }
    expect(logged.join("\n")).toContain("secret.jsonl");
  });

  it("beside a data set of the hub is one too many", async () => {
    await expect(read({ file: "a.jsonl", hub: "a/b" })).rejects.toThrow(/params file, hub: expected one of them/);
  });
});

describe("the hub", () => {
  let server: Server;
  let hubUrl: string;
  let asked: { readonly url: string; readonly token: string | undefined }[];
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push({ url: request.url ?? "", token: request.headers.authorization });
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    hubUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    answer = (request, response) => {
      const url = request.url ?? "";
      if (url === "/api/datasets/openai/gsm8k/parquet")
        response.end(
          JSON.stringify({ main: { train: [`${hubUrl}/0.parquet`, `${hubUrl}/1.parquet`], test: [] }, socratic: {} }),
        );
      else if (url.endsWith("0.parquet")) response.end(parquet([["1+1", "2"]]));
      else if (url.endsWith("1.parquet")) response.end(parquet([["2+2", "4"]]));
      else response.writeHead(404).end();
    };
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const gsm8k = (): Partial<DatasetSource> => ({ hub: "openai/gsm8k", hubConfig: "main", hubUrl });

  it("gives the rows of all files of a split, and is asked for each file once", async () => {
    expect(questions(await read(gsm8k()))).toEqual(["1+1", "2+2"]);
    expect(questions(await read(gsm8k()))).toEqual(["1+1", "2+2"]);
    expect(asked.filter(({ url }) => url.endsWith(".parquet"))).toHaveLength(2);
  });

  it("keeps no file that was cut off", async () => {
    const whole = answer;
    answer = (request, response) => {
      if (!(request.url ?? "").endsWith("0.parquet")) whole(request, response);
      else {
        response.writeHead(200, { "content-length": "1000" });
        response.write("half", () => response.destroy());
      }
    };
    await expect(read(gsm8k())).rejects.toThrow(/expected a hub that answers/);
    expect(readdirSync(join(folder, ".hub"))).toEqual([]);
    answer = whole;
    expect(questions(await read(gsm8k()))).toEqual(["1+1", "2+2"]);
  });

  it("gets its token, which no other host gets", async () => {
    const before = process.env["HF_TOKEN"];
    process.env["HF_TOKEN"] = "canary";
    try {
      const own = answer;
      const elsewhere = hubUrl.replace("127.0.0.1", "localhost");
      answer = (request, response) => {
        if ((request.url ?? "").startsWith("/api"))
          response.end(JSON.stringify({ main: { train: [`${elsewhere}/0.parquet`] } }));
        else own(request, response);
      };
      await read(gsm8k());
      expect(asked.map(({ token }) => token)).toEqual(["Bearer canary", undefined]);
    } finally {
      if (before === undefined) delete process.env["HF_TOKEN"];
      else process.env["HF_TOKEN"] = before;
    }
  });

  it.each([
    [{ hub: "openai/absent" }, /param hub: expected a data set that .* has, got .*openai\/absent \(status 404\)/],
    [{ hub: "../../etc" }, /param hub: expected owner\/name/],
    [{ hubConfig: "other" }, /param hubConfig: expected one of main, socratic of openai\/gsm8k/],
    [{ hubConfig: "" }, /param hubConfig: expected one of main, socratic/],
    [{ hubSplit: "dev" }, /param hubSplit: expected one of train, test/],
  ] as const)("refuses %j and says what there is", async (given, message) => {
    await expect(read({ ...gsm8k(), ...given })).rejects.toThrow(message);
  });

  it("that cannot be reached is a failure to try again, no wrong param", async () => {
    await expect(read({ ...gsm8k(), hubUrl: "http://127.0.0.1:9" })).rejects.toMatchObject({
      code: "VERIFIER_UNAVAILABLE",
    });
  });
});

describe("a path of columns", () => {
  const row: Row = { where: "row 1", values: { a: { b: "x" }, list: [{ c: 7n }], n: 1.5, flag: true } };

  it("leads through objects and lists to text or a number", () => {
    expect([textAt(row, "a.b"), textAt(row, "list.0.c"), textAt(row, "n")]).toEqual(["x", "7", "1.5"]);
  });

  it("is undefined where it leads nowhere or to no text", () => {
    expect([textAt(row, "a"), textAt(row, "flag"), textAt(row, "a.c"), textAt(row, "list.1.c"), valueAt(row.values, "constructor")]).toEqual([undefined, undefined, undefined, undefined, undefined]); // prettier-ignore
  });
});
