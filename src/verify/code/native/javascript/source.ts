/** The first program of a Node box, as text: the functions that it is made of, and the parts of Node that they keep. */
import { MAX_DEPTH } from "../../encoded.ts";
import { decoder } from "../../quickjs/guest/decode.ts";
import { encoder } from "../../quickjs/guest/encode.ts";
import { describer } from "../../quickjs/guest/errors.ts";
import { primordials } from "../../quickjs/guest/primordials.ts";
import { runBox } from "./box.ts";

export const BOX_SOURCE = `"use strict";
const P = (${primordials.toString()})();
const codec = {
  encode: (${encoder.toString()})(P, ${MAX_DEPTH}),
  decode: (${decoder.toString()})(P),
  describe: (${describer.toString()})(P),
};
let lines;
const { readSync, writeSync, closeSync, readFileSync } = require("node:fs");
const { Script, constants } = require("node:vm");
const { createRequire, stripTypeScriptTypes } = require("node:module");
const { inspect } = require("node:util");
const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
// Else what is printed faster than the judge reads it is kept in memory.
for (const stream of [process.stdout, process.stderr]) stream._handle?.setBlocking?.(true);
const exit = process.exit.bind(process);
const withoutBox = (stack) => stack.split("\\n").filter((line) => !line.includes("/box.cjs")).join("\\n");
const stderr = process.stderr.write.bind(process.stderr);
void (${runBox.toString()})(P, codec, {
  readSync,
  writeSync,
  closeSync,
  stripTypes: (source) => stripTypeScriptTypes(source, { mode: "strip" }),
  runScript: (source) => new Script(source, { filename: "submission.js", importModuleDynamically }).runInThisContext(),
  importModule: (source) => import("data:text/javascript;base64," + Buffer.from(source).toString("base64")),
  readline: () => {
    lines ??= readFileSync(0, "utf8").replace(/\\n$/, "").split("\\n");
    return lines.shift() ?? null;
  },
  require: createRequire("/tmp/submission.js"),
  exit,
  complain: (error) => {
    try {
      stderr((typeof error === "object" && error !== null && typeof error.stack === "string" ? withoutBox(error.stack) : inspect(error)) + "\\n");
    } catch {
      // It does not let itself be shown.
    }
  },
});
`;
