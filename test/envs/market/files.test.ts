/** The operator's own price file: which files are read, what is said to whom about the others, and what a table must hold. */
import { readFileSync, statSync, symlinkSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { resolveParams, type AnyPlugin } from "dojang/env";
import logged from "../../../envs/logged/index.ts";
import market, { shippedPrices } from "../../../envs/market/index.ts";
import { marketCsv } from "../../../scripts/make-market-data.ts";
import { tempDir } from "../../support/temp.ts";
import { buildWith, folderWith, refusalOf } from "./support.ts";

const GOOD = "day,a\n1,1\n2,2\n3,3\n4,4\n";
const small = { window: 1, steps: 1 };

describe.each<readonly [string, AnyPlugin]>([
  ["Portfolio-v0", market],
  ["Logged-v0", logged],
])("the file of %s", (_, plugin) => {
  it.each(["file", "folder"])("is the operator's: a client's %s is refused", (name) => {
    expect(() => resolveParams(plugin, { [name]: "x.csv" })).toThrow("only the operator may set it");
  });
  it.each([
    ["../secret.csv", "a file inside the data folder"],
    ["a/../../secret.csv", "a file inside the data folder"],
    ["missing.csv", "a file inside the data folder"],
    ["link.csv", "a file inside the data folder"],
    ["linked/secret.csv", "a file inside the data folder"],
    ["a", "a file"],
    ["latin.csv", "a readable file of UTF-8 text"],
  ])("is not %s", (file, expected) => {
    const root = folderWith({
      "secret.csv": GOOD,
      "data/a/prices.csv": GOOD,
      "data/latin.csv": Uint8Array.of(0x64, 0xe9, 0x0a),
    });
    const folder = join(root, "data");
    symlinkSync(join(root, "secret.csv"), join(folder, "link.csv"));
    symlinkSync(root, join(folder, "linked"));
    const { error, log } = refusalOf(plugin, { file, folder });
    expect(error).toMatchObject({ code: "BAD_PARAM" });
    expect(error.message).toBe(`${plugin.id}: param file: expected ${expected}. The operator's log says more.`);
    // Names are for the operator alone.
    expect(log).toContain(file);
    expect(log).toContain(folder);
  });
  it("has no absolute path, even one that leads into the folder", () => {
    const folder = folderWith({ "prices.csv": GOOD });
    const { log } = refusalOf(plugin, { file: join(folder, "prices.csv"), folder });
    expect(log).toContain("the path is absolute");
  });
  it("is at most 64 MiB", () => {
    const folder = folderWith({ "large.csv": GOOD });
    truncateSync(join(folder, "large.csv"), 64 * 2 ** 20 + 1);
    const { error, log } = refusalOf(plugin, { file: "large.csv", folder });
    expect(error.message).toContain("expected at most 67108864 bytes");
    expect(log).toContain("it has 67108865");
  });
  it("needs a folder that exists", () => {
    const { error, log } = refusalOf(plugin, { file: "prices.csv", folder: join(tempDir(), "nowhere") });
    expect(error).toMatchObject({ code: "BAD_PARAM" });
    expect(log).toContain("nowhere");
  });
});

describe("the price file of Portfolio-v0", () => {
  it("may lie in a folder below, be reached by a link that stays inside, and have CRLF and a byte order mark", () => {
    const folder = folderWith({ "a/prices.csv": `\uFEFF${GOOD.replaceAll("\n", "\r\n")}\r\n` });
    symlinkSync(join(folder, "a/prices.csv"), join(folder, "link.csv"));
    for (const file of ["a/prices.csv", "link.csv", "a/../a/prices.csv", "./a/prices.csv"])
      expect(buildWith(market, { ...small, file, folder }).rules.action).toMatchObject({ shape: [1] });
  });
  it.each([
    ["day,a\n1,1\n2,x\n", 3, 2, "a price in 1e-9..1000000000000", "x"],
    ["day,a,b\n1,1,2\n2,3,\n", 3, 3, "a price", '""'],
    ["day,a\n1,0\n2,1\n", 2, 2, "a price", "0"],
    ["day,a\n1,-5\n2,1\n", 2, 2, "a price", "-5"],
    ["day,a\n1,Infinity\n2,1\n", 2, 2, "a price", "Infinity"],
    ["day,a\n1,0x10\n2,1\n", 2, 2, "a price", "0x10"],
    ["day,a\n1,1\n2,1,7\n", 3, 3, "2 cells as in the header", "3 cells"],
    ["day,a\n1,1\n\n2,1\n", 3, 2, "2 cells as in the header", "1 cells"],
    ['day,a\n1,"1"\n2,1\n', 2, 2, "a cell without quotes", '1,\\"1\\"'],
    ["day,a,a\n1,1,1\n2,1,1\n", 1, 3, "a name that no other asset has", "a"],
    ["day,\n1,1\n2,1\n", 1, 2, "a name that no other asset has", '""'],
  ])("%j is wrong in row %i, column %i: expected %s", (csv, row, column, expected, received) => {
    const { error, log } = refusalOf(market, { ...small, file: "p.csv", folder: folderWith({ "p.csv": csv }) });
    const place = `Portfolio-v0: CSV row ${row}, column ${column}`;
    expect(error).toMatchObject({ code: "BAD_PARAM" });
    expect(error.message.startsWith(`${place}: expected ${expected}`)).toBe(true);
    // What stands in the file, and its name, are for the operator alone.
    expect(error.message).not.toContain("got");
    expect(error.message).not.toContain("p.csv");
    expect(log).toContain(`${place} of p.csv: expected ${expected}`);
    expect(log).toContain(received);
  });
  it.each([
    ["", 1, 2, "the name of an asset"],
    ["day\n1\n2\n", 1, 2, "the name of an asset"],
    ["day,a\n", 2, 1, "at least two rows"],
    ["day,a\n1,1\n", 3, 1, "at least two rows"],
    [`day${",a".repeat(200)}\n`, 1, 201, "at most 200 columns"],
  ])("%j lacks something at row %i, column %i: %s", (csv, row, column, expected) => {
    const { error } = refusalOf(market, { ...small, file: "p.csv", folder: folderWith({ "p.csv": csv }) });
    expect(error.message).toContain(`CSV row ${row}, column ${column}: expected ${expected}`);
  });
  it("ships as what scripts/make-market-data.ts makes, below 50 KB", () => {
    expect(shippedPrices()).toBe(marketCsv());
    const file = new URL("../../../envs/market/prices.csv", import.meta.url);
    expect(statSync(file).size).toBeLessThan(50_000);
    expect(readFileSync(file, "utf8")).toBe(shippedPrices());
  });
});
