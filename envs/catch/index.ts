/** Catch: meet a falling ball with a paddle. Source: Mnih et al., Recurrent Models of Visual Attention (2014), in the form of bsuite (Osband et al., 2020). */
import { box, defineEnv, discrete, int, rules } from "dojang/env";
import type { Colour } from "../shared/painter.ts";
import { gridPixels } from "../shared/pixels.ts";
import { signs } from "../shared/grid-text.ts";
import { renderIn, renderMode } from "../shared/render-mode.ts";

interface CatchState {
  ballX: number;
  /** Row of the ball, 0 at the top. */
  ballY: number;
  /** The paddle is always in the last row. */
  paddleX: number;
}

const BALL: Colour = [230, 90, 40];
const PADDLE: Colour = [60, 120, 220];
const AIR: Colour = [20, 20, 20];

export default defineEnv({
  id: "Catch-v0",
  version: "1",
  description: "Meet a falling ball with a paddle that moves left and right.",
  params: {
    rows: int(10, { min: 2, max: 100, doc: "Height of the board." }),
    columns: int(5, { min: 1, max: 100, doc: "Width of the board." }),
    renderMode,
  },
  build({ rows, columns, renderMode }) {
    const isBall = ({ ballX, ballY }: CatchState, row: number, column: number): boolean =>
      row === ballY && column === ballX;
    const isPaddle = ({ paddleX }: CatchState, row: number, column: number): boolean =>
      row === rows - 1 && column === paddleX;
    const sign = (state: CatchState, row: number, column: number): string =>
      isBall(state, row, column)
        ? isPaddle(state, row, column)
          ? "@"
          : "o"
        : isPaddle(state, row, column)
          ? "="
          : ".";
    return rules({
      action: discrete(3), // 0 left, 1 stay, 2 right
      observation: box([rows, columns], 0, 1, "uint8"), // 1 where the ball or the paddle is
      maxSteps: rows,
      reset: (rng): CatchState => ({ ballX: rng.int(columns), ballY: 0, paddleX: columns >> 1 }),
      step(state, action) {
        state.paddleX = Math.min(Math.max(state.paddleX + action - 1, 0), columns - 1);
        state.ballY++;
        const terminated = state.ballY === rows - 1;
        const caught = state.paddleX === state.ballX;
        return { state, reward: terminated ? (caught ? 1 : -1) : 0, terminated };
      },
      observe({ ballX, ballY, paddleX }, board) {
        board[ballY * columns + ballX] = 1;
        board[(rows - 1) * columns + paddleX] = 1;
      },
      render: renderIn(renderMode, {
        text: (state) => signs(rows, columns, (y, x) => sign(state, y, x)),
        rgb: (state) =>
          gridPixels(rows, columns, (y, x) => (isBall(state, y, x) ? BALL : isPaddle(state, y, x) ? PADDLE : AIR)),
      }),
    });
  },
});
