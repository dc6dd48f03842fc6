/** Pictures of envs as PNG files: --png. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encode } from "fast-png";
import { GymError } from "../../protocol/errors.ts";
import type { JsonValue } from "../../protocol/frames.ts";
import type { Picture } from "../client/index.ts";
import type { AnyPlugin } from "../env/define.ts";

type Params = Readonly<Record<string, JsonValue>>;

/** The params with which an env draws pixels: the same, with `renderMode: "rgb"` where it has that param. */
export function inPixels({ params: schema = {} }: AnyPlugin, params: Params): Params {
  const mode = schema["renderMode"];
  return mode?.type === "choice" && mode.of.includes("rgb") ? { ...params, renderMode: "rgb" } : params;
}

/** Writes one picture; its folder exists. @throws {GymError} BAD_PARAM for an env that draws text, or nothing */
export function writePng(path: string, env: string, picture: Picture | undefined): void {
  if (typeof picture === "object") {
    const { width, height, rgb } = picture;
    writeFileSync(path, encode({ width, height, data: rgb, channels: 3, depth: 8 }));
    return;
  }
  const got = picture === undefined ? "one without render" : "one that draws text";
  throw new GymError("BAD_PARAM", `--png: ${env}: expected an env that draws pixels, got ${got}`, {
    hint: "Its render must return {width, height, rgb}; without --png the text is shown.",
  });
}

/** A folder of numbered pictures. */
export class PngFolder {
  readonly folder: string;
  readonly #every: number;
  #written = 0;

  /** @param every writes only the pictures of step 0 and of every so many steps, and those that end an episode */
  constructor(folder: string, every = 1) {
    this.folder = folder;
    this.#every = every;
    mkdirSync(folder, { recursive: true });
  }

  /** How many pictures it got. */
  get written(): number {
    return this.#written;
  }

  /** Is a picture of this step wanted? */
  wants(step: number, last: boolean): boolean {
    return last || step % this.#every === 0;
  }

  /** Writes NAME-step000012.png. @returns its path @throws {GymError} as `writePng` */
  add(name: string, step: number, env: string, picture: Picture | undefined): string {
    const path = join(this.folder, `${name}-step${String(step).padStart(6, "0")}.png`);
    writePng(path, env, picture);
    this.#written++;
    return path;
  }
}
