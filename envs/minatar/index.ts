/** The MinAtar suite: five Atari games on a board of 10 x 10 cells, each by itself and several at once. Source: Young & Tian (2019), arXiv 1903.03176. */
import { asterix } from "./asterix.ts";
import { breakout } from "./breakout.ts";
import { freeway } from "./freeway.ts";
import { severalGames } from "./games.ts";
import { seaquest } from "./seaquest.ts";
import { spaceInvaders } from "./space-invaders.ts";
import { gamePlugins } from "./suite.ts";

export default [
  ...gamePlugins(asterix),
  ...gamePlugins(breakout),
  ...gamePlugins(freeway),
  ...gamePlugins(seaquest),
  ...gamePlugins(spaceInvaders),
  severalGames([asterix, breakout, freeway, seaquest, spaceInvaders]),
];
