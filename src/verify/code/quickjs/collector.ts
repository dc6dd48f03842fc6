/** How V8 counts the memories of instances; docs/adr/0009-memories-of-instances.md has the reasons and figures. */
import { setFlagsFromString } from "node:v8";

/** Lets the 16 MB of each instance count towards the limit of the heap, where by themselves every fourth would start a collection of it. For the whole process. */
export const countWithHeap = (): void => setFlagsFromString("--external-memory-accounted-in-global-limit");
