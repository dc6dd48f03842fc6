/** A worker thread that checks the plugins of a module: one whose rules loop without end stops this thread, not the command. */
import { parentPort, workerData } from "node:worker_threads";
import { checkEnv } from "../env/check.ts";
import type { CheckReport } from "../env/check-rules/report.ts";
import { pluginsNamed } from "./plugins-named.ts";

/** What the worker tells, in order: an env it begins with, then its report; at last that all is done. */
export type CheckNews = { readonly begins: string } | { readonly report: CheckReport } | { readonly done: true };

const tell = (news: CheckNews): void => parentPort?.postMessage(news);

// The one argument of the command, as check-in-worker.ts hands it over.
for (const plugin of await pluginsNamed(workerData as string)) {
  tell({ begins: plugin.id });
  const { env, passed, failed, warnings, skipped } = await checkEnv(plugin);
  tell({ report: { env, passed, failed, warnings, skipped } });
}
// With the end of this thread, what the plugins wrote and nobody has read yet would be lost.
process.stdout.write("", () => tell({ done: true }));
