/** A worker thread that checks the plugins of a module: one whose rules loop without end stops this thread, not the command. */
import { parentPort, workerData } from "node:worker_threads";
import { checkEnv } from "../env/check.ts";
import type { AnyPlugin } from "../env/define.ts";
import type { CheckReport } from "../env/check-rules/report.ts";
import type { Finding } from "../env/check-rules/rule.ts";
import { addBuiltIns, Registry } from "../registry/index.ts";
import { Progress } from "./check-progress.ts";
import { pluginsNamed } from "./plugins-named.ts";

export interface CheckStart {
  /** The one argument of the command. */
  readonly spec: string;
  /** Where to tell how far the check is. */
  readonly progress: SharedArrayBuffer;
}

/** What the worker tells, in order: an env it begins with, then its report; at last that all is done. */
export type CheckNews = { readonly begins: string } | { readonly report: CheckReport } | { readonly done: true };

const tell = (news: CheckNews): void => parentPort?.postMessage(news);

// What check-in-worker.ts hands over.
const { spec, progress: memory } = workerData as CheckStart;
const progress = new Progress(memory);
// A rule that awaits something is no loop without end: only that stops this clock.
setInterval(() => {
  progress.beat();
}, 500).unref();
const builtIn = new Registry();
await addBuiltIns(builtIn);

/** Train and serve load the built-in envs beside the plugin's. */
function takenId(plugin: AnyPlugin): readonly Finding[] {
  const { id } = plugin;
  if (!builtIn.ids().includes(id) || builtIn.find(id).plugin === plugin) return [];
  const rule = "idIsItsOwn";
  const message = `${id}: ${rule}: plugin.id: expected an id of its own, got one that a built-in env has`;
  return [{ rule, message, hint: "Rename it: train and serve refuse it." }];
}

for (const plugin of await pluginsNamed(spec)) {
  tell({ begins: plugin.id });
  const onProgress = (what: string): void => {
    progress.begins(what);
  };
  const { env, passed, failed, warnings, skipped } = await checkEnv(plugin, { onProgress });
  tell({ report: { env, passed, failed: [...takenId(plugin), ...failed], warnings, skipped } });
}
// With the end of this thread, what the plugins wrote and nobody has read yet would be lost.
process.stdout.write("", () => tell({ done: true }));
