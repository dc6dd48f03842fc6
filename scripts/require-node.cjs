// Stops an npm script in one line on a Node that cannot run the sources; loaded with --require or run on its own, and plain enough for Node 12.
"use strict";
var wanted = require("../package.json").engines.node.replace(">=", "").split(".").map(Number);
var found = process.versions.node.split(".").map(Number);
if (found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < wanted[1])) {
  console.error(
    "dojang: expected Node " +
      wanted.join(".") +
      " or newer, got " +
      process.versions.node +
      ". Run `npm ci` without --ignore-scripts: it brings the repository's own Node.",
  );
  process.exit(2);
}
