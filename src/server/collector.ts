/** When V8 collects the old generation of a server's process; docs/adr/0005-late-marking.md has the reasons and figures. */
import { setFlagsFromString } from "node:v8";

/** Shares of what the old generation may grow by, in percent: marking is planned at the first and begins at once at the second. */
const PLANNED = 50;
const AT_ONCE = 80;

/** Lets the old generation fill before it is marked. For the whole process, so it is for programs that are a server and nothing else. */
export function collectLate(): void {
  setFlagsFromString(`--incremental-marking-soft-trigger=${PLANNED}`);
  setFlagsFromString(`--incremental-marking-hard-trigger=${AT_ONCE}`);
}
