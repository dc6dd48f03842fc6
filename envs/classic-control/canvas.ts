/** Draws points and lines on a grid of characters, from coordinates in metres. */

export interface Window {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
  /** Characters. */
  readonly columns: number;
  readonly rows: number;
}

export class Canvas {
  readonly #window: Window;
  readonly #cells: string[][];

  constructor(window: Window) {
    this.#window = window;
    this.#cells = Array.from({ length: window.rows }, () => new Array<string>(window.columns).fill(" "));
  }

  /** Puts a sign at the cell nearest to (x, y), or at the edge where that lies outside. */
  point(x: number, y: number, sign: string): void {
    const { left, right, bottom, top, columns, rows } = this.#window;
    const column = place((x - left) / (right - left), columns);
    const row = rows - 1 - place((y - bottom) / (top - bottom), rows);
    this.#cells[row]![column] = sign;
  }

  /** A straight line of signs, both ends included. */
  line(from: readonly [x: number, y: number], to: readonly [x: number, y: number], sign: string): void {
    const steps = 2 * Math.max(this.#window.columns, this.#window.rows);
    for (let i = 0; i <= steps; i++) {
      const share = i / steps;
      this.point(from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1]), sign);
    }
  }

  /** The picture, without blanks at the ends of lines. */
  text(): string {
    return this.#cells.map((row) => row.join("").trimEnd()).join("\n");
  }
}

const place = (share: number, cells: number): number =>
  Math.min(Math.max(Math.round(share * (cells - 1)), 0), cells - 1);
