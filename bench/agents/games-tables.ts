/** What came of one policy for several games, as Markdown: its score in each beside that of a policy for that game alone, and which experts saw which game. */
import type { Row } from "./rows.ts";

/** Share of the score of a policy for one game that is wanted of the policy for all. */
const WANTED_SHARE = 0.7;

interface GameScore {
  readonly name: string;
  readonly score: number;
  readonly standardError: number;
}

/** What `train-cell` wrote; rows of older parts have none. */
const gamesOf = (row: Row): readonly GameScore[] => (row["games"] ?? []) as unknown as readonly GameScore[];
const sharesOf = (row: Row): Readonly<Record<string, readonly (readonly number[])[]>> =>
  (row["shares"] ?? {}) as Readonly<Record<string, readonly (readonly number[])[]>>;

const seedOf = ({ seed }: Row): string => String(Number(seed));
const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const tableOf = (titles: readonly string[], rows: readonly (readonly string[])[]): string =>
  [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");
const withError = (score: unknown, error: unknown): string => `${Number(score).toFixed(2)} +/- ${Number(error).toFixed(2)}`; // prettier-ignore

/** Tables for the rows that have several games: none where there are no such rows. */
export function gamesTables(rows: readonly Row[]): readonly string[] {
  const several = rows.filter((row) => gamesOf(row).length > 0);
  const scores = several.flatMap((row) => gamesOf(row).map((game) => scoreLine(row, game, rows)));
  const layers = several.flatMap((row) => Object.entries(sharesOf(row)).map(([layer, shares]) => layerTable(row, layer, shares))); // prettier-ignore
  if (several.length === 0) return [];
  return [tableOf(["game", "seed", "together", "alone", "ratio", `wanted: ${WANTED_SHARE}`], scores), ...layers];
}

/** @param rows among which that of the game alone is, with the same seed, at the same frames a game */
function scoreLine(row: Row, { name, score, standardError }: GameScore, rows: readonly Row[]): readonly string[] {
  const alone = rows.find((one) => one["env"] === `MinAtar/${name}-v0` && one["seed"] === row["seed"]);
  const begin = [name, seedOf(row), withError(score, standardError)];
  if (alone === undefined) return [...begin, "-", "-", "-"];
  const ratio = score / Number(alone["score"]);
  const verdict = ratio >= WANTED_SHARE ? "met" : "not met";
  return [...begin, withError(alone["score"], alone["standardError"]), ratio.toFixed(2), verdict];
}

/** Experts across, games down: a row adds up to 1. */
function layerTable(row: Row, layer: string, shares: readonly (readonly number[])[]): string {
  const experts = (shares[0] ?? []).map((_, e) => `expert ${e}`);
  const names = gamesOf(row).map(({ name }) => name);
  const lines = shares.map((of, game) => [names[game] ?? `game ${game}`, ...of.map((share) => share.toFixed(2))]);
  return tableOf([`${layer}, seed ${seedOf(row)}`, ...experts], lines);
}
