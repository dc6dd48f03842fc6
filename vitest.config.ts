/** Test runner settings: source is resolved by the one custom condition; nothing is retried; leaks and unhandled errors fail the run. */
import { defineConfig } from "vitest/config";

const conditions = ["dojang-source"];

export default defineConfig({
  resolve: { conditions: [...conditions, "node", "import", "module", "default"] },
  ssr: {
    resolve: { conditions: [...conditions, "node", "import", "module", "default"], externalConditions: conditions },
  },
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/support/global.ts",
    setupFiles: "test/support/setup.ts",
    reporters: ["default", "./test/support/totals.ts"],
    execArgv: conditions.map((name) => `--conditions=${name}`),
    env: { TZ: "UTC", LC_ALL: "C.UTF-8", NO_COLOR: "1" },
    pool: "forks",
    retry: 0,
    dangerouslyIgnoreUnhandledErrors: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
