/** The transition table of Taxi and the coding of its 500 states. Source: Dietterich (2000). */
import { equallyLikely, makeTable, type Model, type Outcome } from "../shared/tabular.ts";

const SIZE = 5;
/** Passenger index of one who sits in the taxi. */
export const IN_TAXI = 4;
/** Cells of the stations R, G, Y, B: row * 5 + column. */
export const STATIONS: readonly number[] = [0, 4, 20, 23];

export interface TaxiPlaces {
  readonly row: number;
  readonly column: number;
  /** Index of a station, or 4 in the taxi. */
  readonly passenger: number;
  /** Index of a station. */
  readonly destination: number;
}

/** ((row * 5 + column) * 5 + passenger) * 4 + destination */
export const encodeTaxi = ({ row, column, passenger, destination }: TaxiPlaces): number =>
  ((row * SIZE + column) * 5 + passenger) * 4 + destination;

export function decodeTaxi(state: number): TaxiPlaces {
  const cell = Math.floor(state / 20);
  return {
    row: Math.floor(cell / SIZE),
    column: cell % SIZE,
    passenger: Math.floor(state / 4) % 5,
    destination: state % 4,
  };
}

/** Is there a wall between `column` and the next one to the right? */
export const wallRightOf = (row: number, column: number): boolean =>
  column === SIZE - 1 || (row <= 1 && column === 1) || (row >= 3 && (column === 0 || column === 2));

/** South, north, east, west, pick up, drop off: 1 where the action changes the state. */
export function legalTaxi(state: number): number[] {
  const { row, column, passenger } = decodeTaxi(state);
  const station = STATIONS.indexOf(row * SIZE + column);
  return [
    row < SIZE - 1,
    row > 0,
    !wallRightOf(row, column),
    column > 0 && !wallRightOf(row, column - 1),
    passenger !== IN_TAXI && station === passenger,
    passenger === IN_TAXI && station !== -1,
  ].map(Number);
}

/** Every start has the passenger at a station that is not the destination: 300 states. */
export function taxiModel(): Model {
  const table = makeTable(500, 6, (state, action) => [act(state, action)]);
  const starts = table.flatMap((_, state) => {
    const { passenger, destination } = decodeTaxi(state);
    return passenger !== IN_TAXI && passenger !== destination ? [state] : [];
  });
  return { table, starts: equallyLikely(starts) };
}

function act(state: number, action: number): Outcome {
  const places = decodeTaxi(state);
  const outcome = (reward: number, changed: Partial<TaxiPlaces> = {}, terminated = false): Outcome => ({
    probability: 1,
    next: encodeTaxi({ ...places, ...changed }),
    reward,
    terminated,
  });
  const legal = legalTaxi(state)[action] === 1;
  if (action < 4) return outcome(-1, legal ? move(places, action) : {});
  if (!legal) return outcome(-10);
  if (action === 4) return outcome(-1, { passenger: IN_TAXI });
  const station = STATIONS.indexOf(places.row * SIZE + places.column);
  const arrived = station === places.destination;
  return outcome(arrived ? 20 : -1, { passenger: station }, arrived);
}

function move({ row, column }: TaxiPlaces, action: number): Partial<TaxiPlaces> {
  if (action < 2) return { row: row + (action === 0 ? 1 : -1) };
  return { column: column + (action === 2 ? 1 : -1) };
}
