// Type-aware lint rules; formatting is prettier's alone.
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "dist/",
      "**/node_modules/",
      ".wrangler/",
      "migrations/",
      "src/worker-configuration.d.ts",
      "eslint.config.mjs",
      // Needs packages that only `npm run clients` installs, which checks its types too.
      "test/clients/*/",
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: ["./tsconfig.json", "./tsconfig.node.json"], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/return-await": ["error", "always"],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/consistent-type-assertions": ["error", { assertionStyle: "never" }],
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true, argsIgnorePattern: "^_" }],
      "max-lines": ["error", { max: 300 }],
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  // Plain JavaScript that an older Node must be able to read has no types to check.
  { files: ["local/*.mjs"], ...tseslint.configs.disableTypeChecked },
  {
    // A test may be long, and may print what it measured.
    files: ["test/**", "bench/**", "local/**", "scripts/**"],
    rules: { "max-lines": "off", "no-console": "off" },
  },
);
