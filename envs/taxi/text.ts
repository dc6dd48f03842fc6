/** Draws the taxi's town as text: stations by their letters, | for walls, the taxi in brackets. */
import { decodeTaxi, IN_TAXI, STATIONS } from "./model.ts";

const ACTIONS = ["south", "north", "east", "west", "pick up", "drop off"];
const NAMES = ["R", "G", "Y", "B"];
/** What stands right of each column, by row: | is a wall. */
const GAPS = [" |  |", " |  |", "    |", "| | |", "| | |"];

/** A line that says where the passenger is and wants to go (and the last action), then the town. */
export function taxiText(state: number, lastAction: number): string {
  const { row, column, passenger, destination } = decodeTaxi(state);
  const where = passenger === IN_TAXI ? "in the taxi" : `at ${NAMES[passenger] ?? ""}`;
  const last = ACTIONS[lastAction];
  const head = `passenger ${where}, going to ${NAMES[destination] ?? ""}${last === undefined ? "" : ` (${last})`}`;
  const lines = GAPS.map((gaps, y) => {
    const cells = Array.from(gaps, (gap, x) => {
      const name = NAMES[STATIONS.indexOf(y * 5 + x)] ?? ".";
      return (y === row && x === column ? `[${name}]` : ` ${name} `) + gap;
    });
    return `|${cells.join("")}`;
  });
  return [head, ...lines].join("\n");
}
