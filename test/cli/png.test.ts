/** `--png`: pictures of a recorded episode, and of an env, as files that any viewer opens. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { local } from "dojang/client/local";
import { recordInto } from "../../src/cli/record.ts";
import { tempDir } from "../support/temp.ts";
import { call, lastLine, wrong } from "./call.ts";
import { CORRIDOR, FALLS_OVER } from "./plugins.ts";

/** A recording of an episode of ten pushes to the right, in a folder of its own. */
async function recorded(id: string, plugins: readonly string[] = []): Promise<string> {
  const folder = join(tempDir(), "recordings");
  const client = local({ record: recordInto(folder), plugins });
  const env = await client.make(id, { seed: 1, autoreset: "disabled" });
  await env.reset({ seeds: [3] });
  for (let ended = false; !ended;) ended = (await env.step(Int32Array.of(1))).terminated[0] === 1;
  await client.close();
  return join(folder, readdirSync(folder)[0] ?? "");
}

const plugin = (source: string): string => {
  const file = join(tempDir(), "plugin.ts");
  writeFileSync(file, source);
  return file;
};

/** Width, height, channels, and how many colours there are. */
function look(path: string): { width: number; height: number; channels: number; colours: number } {
  const { width, height, channels, data } = decode(readFileSync(path));
  const colours = new Set(Array.from({ length: width * height }, (_, i) => data.slice(3 * i, 3 * i + 3).join()));
  return { width, height, channels, colours: colours.size };
}

describe("dojang replay --png", () => {
  it("writes a picture of the reset and of each step, in order, though text was recorded", async () => {
    const file = await recorded("CartPole-v1");
    const folder = join(tempDir(), "deep", "frames");
    const result = await call("replay", file, "--png", folder, "--json");
    expect({ code: result.code, stderr: result.stderr }).toMatchObject({ code: 0 });
    const summary = lastLine(result) as { steps: number };
    const names = readdirSync(folder).sort();
    expect(names).toHaveLength(summary.steps + 1);
    expect(names.slice(0, 2)).toEqual(["instance0-episode0-step000000.png", "instance0-episode0-step000001.png"]);
    expect(summary).toMatchObject({ env: "CartPole-v1", pictures: names.length, folder });
    const pictures = names.map((name) => look(join(folder, name)));
    expect(pictures.every(({ width, height, channels }) => width === 480 && height === 240 && channels === 3)).toBe(true); // prettier-ignore
    expect(Math.min(...pictures.map(({ colours }) => colours))).toBeGreaterThan(4);
    const lines = result.stdout.trimEnd().split("\n").slice(0, -1).map((line) => JSON.parse(line) as object); // prettier-ignore
    expect(lines[1]).toEqual({ step: 1, action: 1, reward: 1, terminated: false, truncated: false, png: join(folder, names[1] ?? "") }); // prettier-ignore
  });

  it("draws exactly what the env draws: the pixels of each file are those of its render", async () => {
    const file = await recorded("CartPole-v1");
    const folder = tempDir();
    await call("replay", file, "--png", folder);
    const client = local();
    const env = await client.make("CartPole-v1", { params: { renderMode: "rgb" } });
    await env.reset({ seeds: [3] });
    await env.step(Int32Array.of(1));
    const [picture] = await env.render();
    const { data } = decode(readFileSync(join(folder, "instance0-episode0-step000001.png")));
    expect(Buffer.compare(Buffer.from(data), (picture as { rgb: Uint8Array }).rgb)).toBe(0);
    await client.close();
  });

  it("writes every fourth step and the last one with --every 4", async () => {
    const file = await recorded("CartPole-v1");
    const folder = tempDir();
    const { steps } = lastLine(await call("replay", file, "--png", folder, "--every", "4", "--json")) as { steps: number }; // prettier-ignore
    const taken = readdirSync(folder).map((name) => Number(/step(\d+)\.png$/.exec(name)?.[1]));
    const wanted = Array.from({ length: steps + 1 }, (_, step) => step).filter((step) => step % 4 === 0 || step === steps); // prettier-ignore
    expect(taken.sort((a, b) => a - b)).toEqual(wanted);
  });

  it("says in one line that an env draws text only", async () => {
    const path = plugin(CORRIDOR);
    const file = await recorded("corridor-v0", [path]);
    const { code, stderr, stdout } = await call("replay", file, "--plugin", path, "--png", tempDir());
    expect(stdout.trimEnd().split("\n")).toEqual([expect.stringMatching(/^corridor-v0, instance 0/)]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'dojang: --png: corridor-v0: expected an env that draws pixels, got one that draws text. Its render must return {width, height, rgb}; without --png the text is shown.\n', // prettier-ignore
    });
  });

  it("writes what an env showed last before it failed, from a capsule", async () => {
    const path = plugin(FALLS_OVER.replace("observe: (cell) => cell,", "observe: (cell) => cell,\n      render: (cell) => ({ width: 3, height: 1, rgb: new Uint8Array(9).fill(50 * cell) }),")); // prettier-ignore
    const run = join(tempDir(), "run");
    await call("train", "random", path, "--steps", "20", "--num", "1", "--out", run);
    const capsule = join(run, "faults", readdirSync(join(run, "faults"))[0] ?? "");
    const folder = tempDir();
    const result = await call("replay", capsule, "--plugin", path, "--png", folder);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    // It fails in its third step: the last picture is that of two steps.
    expect(result.stdout.split("\n")[0]).toBe(join(folder, "fault-step000002.png"));
    expect(Array.from(decode(readFileSync(join(folder, "fault-step000002.png"))).data)).toEqual(new Array<number>(9).fill(100)); // prettier-ignore
  });

  it("refuses --png beside --verify, and --every without --png", async () => {
    const file = await recorded("CartPole-v1");
    expect(await call("replay", file, "--verify", "--png", "x")).toEqual(
      wrong('--png: expected none beside --verify and --rescore, got "x"'),
    );
    expect(await call("replay", file, "--every", "2")).toEqual(
      wrong("--png: expected a folder beside --every, got nothing. Add --png DIR."),
    );
    expect((await call("replay", file, "--png", "x", "--every", "0")).stderr).toMatch(/^dojang: --every: expected an integer in 1\.\./); // prettier-ignore
    expect(existsSync("x")).toBe(false);
  });
});

describe("dojang envs ENV --png", () => {
  it("draws the env after 8 random steps, the same picture for the same seed", async () => {
    const folder = tempDir();
    const draw = async (name: string, seed: string): Promise<Buffer> => {
      const png = join(folder, name);
      const result = await call("envs", "FrozenLake8x8-v1", "--png", png, "--seed", seed, "--steps", "8", "--json");
      expect(lastLine(result)).toMatchObject({ id: "FrozenLake8x8-v1", png, seed: Number(seed), steps: 8 });
      return readFileSync(png);
    };
    const [first, again, other] = [await draw("a.png", "1"), await draw("b.png", "1"), await draw("c.png", "2")];
    expect(first.equals(again)).toBe(true);
    expect(first.equals(other)).toBe(false);
    expect(look(join(folder, "a.png"))).toMatchObject({ width: 512, height: 512 });
  });
  it("takes params of the env, and stops where the episode ends", async () => {
    const png = join(tempDir(), "lake.png");
    const args = ["--png", png, "--param", "mapName=8x8", "--steps", "5000"];
    const result = lastLine(await call("envs", "FrozenLake-v1", ...args, "--json")) as { steps: number };
    expect(result.steps).toBeLessThan(101);
    expect(look(png)).toMatchObject({ width: 512, height: 512 });
  });
  it.each([
    ["--png without an env", ["--png", "x.png"], "ENV: expected an env for --png, got nothing. Name the env to draw."],
    ["--steps without --png", ["Taxi-v4", "--steps", "3"], "--png: expected a file beside --steps, got nothing. Add --png FILE."], // prettier-ignore
    ["a folder that does not exist", ["Taxi-v4", "--png", "/nowhere/x.png"], "/nowhere/x.png: expected a file or folder that exists, got none."], // prettier-ignore
    ["a param out of range", ["GridWorld-v0", "--png", "x.png", "--param", "slip=2"], "GridWorld-v0: param slip: expected a finite number in 0..1, got 2"], // prettier-ignore
  ])("refuses %s in one line", async (_, args, message) => {
    expect(await call("envs", ...args)).toEqual(wrong(message));
  });
  it("says in one line that an env draws nothing, or text only", async () => {
    const png = join(tempDir(), "x.png");
    const nothing = await call("envs", plugin(FALLS_OVER), "--png", png);
    expect(nothing).toEqual(wrong("falls-over-v0: render. This env has no rendering."));
    const text = await call("envs", plugin(CORRIDOR), "--png", png);
    expect(text.stderr).toMatch(/^dojang: --png: corridor-v0: expected an env that draws pixels, got one that draws text\. .*\n$/); // prettier-ignore
    expect(text.code).toBe(2);
    expect(existsSync(png)).toBe(false);
  });
});
