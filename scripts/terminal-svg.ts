/** Draws what a command printed as an SVG of a terminal: `npm start 2>&1 | node scripts/terminal-svg.ts "npm start" > docs/demo.svg`. */
import { text } from "node:stream/consumers";

const LINE = 18;
const MARGIN = 16;
const COLUMN = 7.8;

const escape = (line: string): string => line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const command = process.argv[2] ?? "";
// npm's own banner lines begin with ">"; the run's folder carries a date that says nothing.
const printed = (await text(process.stdin)).split("\n").filter((line) => line !== "" && !line.startsWith("> "));
const lines = [
  `$ ${command}`,
  ...printed.map((line) => line.replaceAll(/-\d{8}-\d{6}/g, "").replaceAll(/-\d{4,}(?=-1)/g, "")),
];
const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * COLUMN) + 2 * MARGIN;
const height = lines.length * LINE + 2 * MARGIN;
const rows = lines.map((line, i) => {
  const y = MARGIN + (i + 1) * LINE - 5;
  return `<text x="${MARGIN}" y="${y}"${i === 0 ? ' fill="#8be9a8"' : ""} xml:space="preserve">${escape(line)}</text>`;
});
process.stdout.write(
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(command)}">
<rect width="100%" height="100%" rx="8" fill="#16181d"/>
<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13" fill="#d7dae0">
${rows.join("\n")}
</g>
</svg>
`,
);
