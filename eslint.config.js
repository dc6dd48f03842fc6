/** Lint rules: typescript-eslint's strict, type-checked set. Each rule that is off or changed says why. */
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["dist/", "runs/", "coverage/", "docs/"]),
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "max-lines": ["error", 300],
      eqeqeq: "error",
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
      // A defect of one await in a server is a lost reply; `void` says that a promise is left alone on purpose.
      "@typescript-eslint/no-floating-promises": "error",
      // Numbers in messages are what they look like.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // Indexes into columns are in bounds by construction, and a test for undefined on each element would cost the hot path.
      "@typescript-eslint/no-non-null-assertion": "off",
      // `() => void list.push(x)` says that nobody wants the result.
      "@typescript-eslint/no-meaningless-void-operator": "off",
      // `() => socket.close()` reads better than a block.
      "@typescript-eslint/no-confusing-void-expression": "off",
      // `for (;;)` and `while (true)` with a return inside are the plain way to write a loop that ends in its middle.
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: "always" }],
      // What an interface or a destructuring prescribes may stay unread when its name starts with an underscore.
      "@typescript-eslint/no-unused-vars": [
        "error",
        {
          argsIgnorePattern: "^_",
          varsIgnorePattern: "^_",
          destructuredArrayIgnorePattern: "^_",
          ignoreRestSiblings: true,
        },
      ],
      // Rules are records of functions that use no `this`; they are taken out of their record on purpose.
      "@typescript-eslint/unbound-method": "off",
      // `void | Promise<void>` is the type of a hook that may be asynchronous.
      "@typescript-eslint/no-invalid-void-type": "off",
      // A generic that appears once may still carry a type from a caller's annotation to the result (`rules<S>()`).
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      // An async function is the shortest promise that a test can hand to the code under test.
      "@typescript-eslint/require-await": "off",
    },
  },
);
