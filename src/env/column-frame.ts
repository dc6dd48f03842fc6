/** What the rows of a batch in columns show after a step: all in one call of the plugin, or one by one where something stands in the way. */
import type { StateColumns } from "./state-columns.ts";
import type { Stepper } from "./stepper.ts";

/** The rows of a frame, and the places of some of them in it. */
export interface SteppedRows {
  readonly rows: Uint32Array;
  /** Began an episode. */
  readonly begun: Uint32Array;
  /** Came to the end of one, which the frame shows. */
  readonly ended: Uint32Array;
  /** Have nothing to show. */
  readonly dark: ReadonlySet<number>;
}

/** Writes what all rows show and tells of the episodes that began and ended. */
export function showRows(stepper: Stepper, columns: StateColumns, stepped: SteppedRows): void {
  const { rows, begun, ended, dark } = stepped;
  const { writer, instances } = stepper;
  if (dark.size > 0 || !succeeds(() => writer.showAll(columns, rows))) {
    showEach(stepper, stepped);
    return;
  }
  const { episode, seeds, returns, steps } = instances;
  for (const place of ended) writer.end(place, returns[rows[place]!]!, steps[rows[place]!]!);
  for (const place of begun) writer.start(place, episode[rows[place]!]!, seeds[rows[place]!]!);
}

/** The same by the scalar rules, which find out which row is at fault. */
function showEach(stepper: Stepper, { rows, begun, ended, dark }: SteppedRows): void {
  const { writer, instances } = stepper;
  const starts = new Set(begun);
  const ends = new Set(ended);
  writer.now.begin(rows.length);
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place]!;
    if (dark.has(place)) writer.blank(place);
    else if (starts.has(place)) stepper.showStart(row, place, writer.status[place]!);
    else if (stepper.showOrFault(row, place) && ends.has(place))
      writer.end(place, instances.returns[row]!, instances.steps[row]!);
  }
}

/** False when something threw: the scalar rules are to find out for which row. */
export function succeeds(show: () => void): boolean {
  try {
    show();
    return true;
  } catch {
    return false;
  }
}
