/** `npm start`: the main job, `dojang demo`. */
import { main } from "../src/cli/main.ts";

process.exitCode = await main(["demo", ...process.argv.slice(2)]);
