/** `npm run check`: the checks without the tests. Exits 1 when one does not hold. */
import { printChecks, runChecks } from "./checks.ts";

const results = await runChecks();
printChecks(results);
process.exitCode = results.every(({ holds }) => holds) ? 0 : 1;
