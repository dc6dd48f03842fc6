/** An evaluation that was killed or stopped goes on: nothing is asked twice, and nothing that the answers depend on may change. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { tempDir } from "../support/temp.ts";
import { call, lastLine, wrong } from "./call.ts";
import { evaluate, linesOf, newOut, SUMS } from "./evaluate.ts";
import { chat, fakeEndpoint, lastOf, sum } from "./fake-endpoint.ts";
import { startJson, userFolder } from "./user-folder.ts";

describe("a run that is gone on with", () => {
  it("after kill -9 asks for nothing that was answered", async () => {
    let frozen = true;
    const answered: string[] = [];
    const endpoint = await fakeEndpoint((asked, response) => {
      if (frozen && answered.length >= 10) return;
      answered.push(JSON.stringify([lastOf(asked), asked.body["seed"]]));
      chat(response, sum(asked));
    });
    const folder = userFolder();
    const args = [
      "--base-url",
      endpoint.url,
      "--model",
      "adder",
      ...SUMS,
      "--episodes",
      "15",
      "--samples",
      "2",
      "--out",
      "out",
    ];
    const first = startJson(folder, "eval", "llm", "math-v0", ...args);
    for (let lines = 0; lines < 10; lines++)
      await first.line((line: { problem?: number }) => line.problem !== undefined);
    first.child.kill("SIGKILL");
    expect(await first.end()).toMatchObject({ status: "SIGKILL" });
    frozen = false;
    const out = join(folder, "out");
    expect(linesOf(out)).toHaveLength(10);
    const again = await call("eval", "llm", "--resume", "--out", out, "--json");
    expect(lastLine(again)).toMatchObject({ episodes: 30, problems: 15, passK: { mean: 1 } });
    expect([answered.length, new Set(answered).size]).toEqual([30, 30]);
    expect(new Set(linesOf(out).map(({ problem, sample }) => `${problem} ${sample}`)).size).toBe(30);
  }, 60_000);

  it("after Ctrl-C, which ends it with status 130, leaves no request open, and is told how", async () => {
    let open = 0;
    const endpoint = await fakeEndpoint((asked, response) => {
      open++;
      response.on("close", () => open--);
      if (asked.before < 3) chat(response, sum(asked));
    });
    const folder = userFolder();
    const first = startJson(
      folder,
      "eval",
      "llm",
      "math-v0",
      "--base-url",
      endpoint.url,
      "--model",
      "m",
      ...SUMS,
      "--out",
      "my out",
      "--api-key-env",
      "HOME",
    );
    for (let lines = 0; lines < 3; lines++)
      await first.line((line: { problem?: number }) => line.problem !== undefined);
    first.child.kill("SIGINT");
    const { status, stderr } = await first.end();
    expect(status).toBe(130);
    expect(stderr).toMatch(
      /^3 episodes are kept; go on with: .* eval llm --resume --out "my out" --api-key-env HOME$/m,
    );
    while (open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(linesOf(join(folder, "my out"))).toHaveLength(3);
  }, 60_000);

  it("drops a line that was cut, takes more problems, and refuses other settings and a folder that is no run", async () => {
    const endpoint = await fakeEndpoint((asked, response) => chat(response, sum(asked)));
    const out = newOut();
    await evaluate(endpoint, out, "--episodes", "3", "--temperature", "1");
    appendFileSync(join(out, "answers.jsonl"), '{"problem": 3, "sam');
    const more = await call("eval", "llm", "--resume", "--out", out, "--episodes", "5", "--json");
    expect(lastLine(more)).toMatchObject({ episodes: 5 });
    expect(endpoint.asked).toHaveLength(5);
    expect(await call("eval", "llm", "--resume", "--out", out, "--temperature", "0")).toEqual(
      wrong(
        "--temperature: expected 1, with which the answers so far were got, got 0. Leave it out, or choose another --out.",
      ),
    );
    const occupied = await evaluate(endpoint, out);
    expect([occupied.code, occupied.stderr]).toEqual([
      2,
      expect.stringContaining("expected a folder that does not exist yet"),
    ]);
    expect((await call("eval", "llm", "--resume", "--out", tempDir())).stderr).toContain("expected a folder that `dojang eval llm` wrote"); // prettier-ignore
    appendFileSync(join(out, "answers.jsonl"), "{}\n");
    expect((await call("eval", "llm", "--resume", "--out", out)).stderr).toMatch(/answers\.jsonl:6: expected an answered episode as JSON/); // prettier-ignore
  });
});
