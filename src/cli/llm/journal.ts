/** answers.jsonl: a line for each episode that was answered, written at once, so that a killed run asks for nothing twice. */
import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { GymError } from "../../../protocol/errors.ts";
import type { Episode, Place } from "./episode.ts";

export class Journal {
  readonly #file: number;
  readonly #episodes = new Map<string, Episode>();

  private constructor(path: string, episodes: readonly Episode[]) {
    this.#file = openSync(path, "a");
    for (const episode of episodes) this.#keep(episode);
  }

  /** Opens a file, or makes it. A last line that was not written to its end is dropped. @throws {GymError} BAD_RUN for any other line that cannot be read */
  static open(path: string): Journal {
    if (!existsSync(path)) return new Journal(path, []);
    const bytes = readFileSync(path);
    const end = bytes.lastIndexOf("\n") + 1;
    if (end < bytes.length) truncateSync(path, end);
    const lines = bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
    return new Journal(path, lines.map((line, i) => read(line, `${path}:${i + 1}`))); // prettier-ignore
  }

  /** Episodes in the order in which they were answered. */
  get episodes(): readonly Episode[] {
    return [...this.#episodes.values()];
  }

  has(place: Place): boolean {
    return this.#episodes.has(keyOf(place));
  }

  add(episode: Episode): void {
    writeSync(this.#file, `${JSON.stringify(episode)}\n`);
    this.#keep(episode);
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Of two answers in one place the first counts: two processes may have written at once. */
  #keep(episode: Episode): void {
    if (!this.has(episode)) this.#episodes.set(keyOf(episode), episode);
  }
}

const keyOf = ({ problem, sample }: Place): string => `${problem}:${sample}`;

function read(line: string, where: string): Episode {
  try {
    const episode = JSON.parse(line) as Partial<Episode> | null;
    if (typeof episode?.problem === "number" && typeof episode.sample === "number" && typeof episode.right === "boolean" && Array.isArray(episode.messages)) return episode as Episode; // prettier-ignore
  } catch {
    // Said below.
  }
  throw new GymError("BAD_RUN", where, { expected: "an answered episode as JSON", received: line, hint: "Delete the line: the episode is asked for again." }); // prettier-ignore
}
