// Three projects. `pure` runs in workerd with one worker for all files, since nothing there keeps state; `workers` gives every
// file a workerd of its own, with real D1, R2, queues and workflows; `node` holds what reads the file system.
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { Response } from "miniflare";
import { defineConfig } from "vitest/config";
import { sourceMutation } from "./test/setup/source-mutations.ts";

const NODE_TESTS = [
  "test/architecture.test.ts",
  "test/local/**/*.test.ts",
  "test/bench/**/*.test.ts",
  "test/scripts/**/*.test.ts",
];
const PURE_TESTS = [
  "test/{config,problem}.test.ts",
  "test/{lib,wire,access,policy,model,guardrail,mistake,generation,analysis,release}/**/*.test.ts",
];
const NEVER = ["test/clients/**", "**/node_modules/**"];

function inWorkerd(): ReturnType<typeof cloudflareTest> {
  return cloudflareTest(async () => ({
    wrangler: { configPath: "./wrangler.toml" },
    remoteBindings: false,
    miniflare: {
      outboundService: upstream,
      bindings: {
        TEST_MUTATION: process.env["SETBACK_MUTATION"] ?? "",
        TEST_MIGRATIONS: await readD1Migrations("./migrations"),
        SETBACK_ADMIN_KEY: "test-admin-key-0123456789abcdef",
        SETBACK_UPSTREAM_URL: "http://upstream.test/v1",
      },
    },
  }));
}

/** Property tests take seconds on a busy machine, and slowness is no failure: speed is what `npm run bench:*` measure. */
const testTimeout = 30_000;

// Its ES module is a shell around CommonJS, which the test runner's loader in workerd can't open; bundlers can.
const deps = { optimizer: { ssr: { enabled: true, include: ["obscenity"] } } };

/** The model server behind the real Worker (test/index.test.ts): one mild answer to whatever is asked. */
function upstream(): Response {
  const message = { role: "assistant", content: "A mild answer of the upstream." };
  const choices = [{ index: 0, message, finish_reason: "stop" }];
  return Response.json({
    id: "chatcmpl-upstream",
    object: "chat.completion",
    created: 1,
    model: "stub-model",
    choices,
  });
}

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [inWorkerd()],
        test: {
          name: "pure",
          include: PURE_TESTS,
          exclude: [...NODE_TESTS, ...NEVER],
          isolate: false,
          deps,
          testTimeout,
        },
      },
      {
        plugins: [inWorkerd(), sourceMutation(process.env["SETBACK_MUTATION"] ?? "")],
        test: {
          name: "workers",
          include: ["test/**/*.test.ts"],
          exclude: [...NODE_TESTS, ...PURE_TESTS, ...NEVER],
          setupFiles: ["test/setup/migrations.ts"],
          deps,
          testTimeout,
        },
      },
      { test: { name: "node", include: NODE_TESTS, testTimeout } },
    ],
  },
});
