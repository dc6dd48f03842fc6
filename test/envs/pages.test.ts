/** The pages about the built-in environments say what the registry says: every id, every param, every space. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { AnyPlugin } from "dojang/env";
import { environmentsPage } from "../../scripts/make-environments-page.ts";
import { idsOfBuiltIns } from "./built-in.ts";

const ENVS = new URL("../../envs/", import.meta.url);
const folders = readdirSync(ENVS).filter((name) => existsSync(new URL(`${name}/index.ts`, ENVS)));

describe("docs/environments.md", () => {
  const page = readFileSync(new URL("../../docs/environments.md", import.meta.url), "utf8");

  it("is what scripts/make-environments-page.ts makes of the registry", async () => {
    const written = "run `node --conditions=dojang-source scripts/make-environments-page.ts`";
    expect(page === (await environmentsPage()) ? "up to date" : written).toBe("up to date");
  });
  it("has a row for every built-in env", () => {
    const rows = Array.from(page.matchAll(/^\| \[([^\]]+)\]/gm), ([, id]) => id);
    expect(rows.sort()).toEqual([...idsOfBuiltIns].sort());
  });
});

describe.each(folders)("envs/%s/README.md", (name) => {
  const readme = readFileSync(new URL(`${name}/README.md`, ENVS), "utf8");

  it("names every env of the folder and every param, how it is drawn among them", async () => {
    const module = (await import(new URL(`${name}/index.ts`, ENVS).href)) as { default: AnyPlugin | AnyPlugin[] };
    for (const { id, params = {} } of [module.default].flat()) {
      // Of two versions in one row the second may be written as its ending alone.
      const [whole = "", version = ""] = /-v\d+$/.exec(id) === null ? [id] : [id.replace(/-v\d+$/, ""), /-v\d+$/.exec(id)?.[0]]; // prettier-ignore
      expect(readme.includes(id) || [whole, `\`${version}\``].every((part) => readme.includes(part)) || isOnly(module.default), id).toBe(true); // prettier-ignore
      for (const param of Object.keys(params)) expect(readme, `${id}: ${param}`).toContain(`\`${param}\``);
    }
  });
  it("says what is paid, what is drawn at random or how an episode ends", () => {
    expect(readme).toMatch(/reward/i);
    expect(readme.split("\n")[0]).toMatch(/^# \S/);
  });
});

/** A folder with one env needs no id: its title names it. */
const isOnly = (given: AnyPlugin | AnyPlugin[]): boolean => [given].flat().length === 1;
