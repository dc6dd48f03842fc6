/** How much the log says: a file of its own, so that a command line can name the levels without loading the logger. */

export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
