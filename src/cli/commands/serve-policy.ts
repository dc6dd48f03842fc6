/** `dojang serve-policy RUN`: the policy of a run as an OpenAI-compatible endpoint, until Ctrl-C. */
import { basename, resolve } from "node:path";
import { openR1Policy } from "../../../agents/index.ts";
import { jsonLogger } from "../../server/index.ts";
import { limitsOf } from "../../server/read-limits.ts";
import { subcommand } from "../command.ts";
import { EXIT } from "../errors.ts";
import { aborted } from "../interrupt.ts";
import { LISTEN, listenOptions } from "../listen-options.ts";
import { POLICY_LIMITS } from "../policy-server/served.ts";
import { servePolicy as startServer } from "../policy-server/serve-policy.ts";

export const servePolicy = subcommand({
  name: "serve-policy",
  arguments: [{ name: "RUN", doc: "folder that `dojang train r1` wrote" }],
  options: [...LISTEN, "stage", "model", "limit", "logLevel"],
  examples: [
    "dojang serve-policy runs/my-r1",
    "dojang serve-policy runs/my-r1 --stage 2-grpo --port 8000 --model adder",
    "dojang serve-policy runs/my-r1 --host 0.0.0.0 --token-file tokens.txt",
  ],
  runsUntilStopped: true,
  async run({ args: [run = ""], options, out, signal }) {
    const { stage, model = basename(resolve(run)), limit = [], logLevel = "info" } = options;
    const limits = limitsOf(POLICY_LIMITS, "docs/llms.md", limit);
    const policy = await openR1Policy(run, stage);
    const log = jsonLogger({ level: logLevel, stream: out.stderr });
    const server = await startServer({ ...listenOptions(options), policy, name: model, limits, log });
    out.result(
      { url: server.url, model, stage: policy.stage, pid: process.pid },
      `${server.url} serves ${model}, stage ${policy.stage} (Ctrl-C stops)`,
    );
    await aborted(signal);
    await server.close();
    return EXIT.done;
  },
});
