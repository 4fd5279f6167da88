// The settings: what is read, what is refused, and what the refusal says.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSettings } from "../src/config.ts";
import { unwrap } from "../src/problem.ts";

describe("readSettings", () => {
  it("works without any setting", () => {
    expect(unwrap(readSettings({}))).toEqual({
      adminKey: null,
      encryptionKeys: [],
      subjectKeys: [],
      upstream: {
        url: null,
        key: null,
        model: null,
        timeoutMilliseconds: 120_000,
        attemptTimeoutMilliseconds: 120_000,
        idleMilliseconds: 60_000,
        attempts: 3,
      },
      policy: null,
      maxBodyBytes: 20 * 1024 * 1024,
      releaseIntervalMilliseconds: 7 * 24 * 60 * 60 * 1000,
      normalPairsKey: null,
      releaseWebhook: null,
      pathSecret: null,
      defaultLimits: { requestsPerMinute: null, tokensPerDay: null, microDollarsPerDay: null },
      prices: {},
      databaseBytesLimit: 10_000_000_000,
      archiveAfterDays: 30,
      analysesPerDay: { project: 1_000, key: 200 },
    });
  });

  it("reads limits, prices and caps", () => {
    const read = readSettings({
      SETBACK_REQUESTS_PER_MINUTE: "100",
      SETBACK_TOKENS_PER_DAY: "5000",
      SETBACK_DOLLARS_PER_DAY: "0.29",
      SETBACK_PRICES: '{"a-model": {"input": 0.15, "output": 0.6}}',
      SETBACK_ANALYSES_PER_DAY: "0",
    });
    expect(unwrap(read)).toMatchObject({
      defaultLimits: { requestsPerMinute: 100, tokensPerDay: 5_000, microDollarsPerDay: 290_000 },
      prices: { "a-model": { input: 0.15, output: 0.6 } },
      analysesPerDay: { project: 0, key: 200 },
    });
  });

  it("takes an empty text for no setting", () => {
    const blank = { SETBACK_ADMIN_KEY: "", SETBACK_UPSTREAM_URL: " ", SETBACK_UPSTREAM_KEY: "", SETBACK_POLICY: "\n" };
    expect(unwrap(readSettings(blank))).toEqual(unwrap(readSettings({})));
  });

  it.each([
    ["https://api.openai.com/v1", "https://api.openai.com/v1"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080/v1"],
    ["http://127.0.0.1:8080/", "http://127.0.0.1:8080/v1"],
    ["https://host.test/openai/v1//", "https://host.test/openai/v1"],
    [" https://host.test/a ", "https://host.test/a"],
  ])("reads the upstream %j as %s", (url, base) => {
    expect(unwrap(readSettings({ SETBACK_UPSTREAM_URL: url })).upstream.url).toBe(base);
  });

  it("gives an attempt the whole time unless it is set", () => {
    const read = (more: object): object =>
      unwrap(readSettings({ SETBACK_UPSTREAM_TIMEOUT_MS: "5000", SETBACK_UPSTREAM_IDLE_TIMEOUT_MS: "70", ...more }))
        .upstream;
    expect(read({})).toMatchObject({ attemptTimeoutMilliseconds: 5_000, idleMilliseconds: 70 });
    expect(read({ SETBACK_UPSTREAM_ATTEMPT_TIMEOUT_MS: "900" })).toMatchObject({ attemptTimeoutMilliseconds: 900 });
  });

  it("has the encryption key before the one that it replaced", () => {
    const [now, before] = ["n".repeat(24), "b".repeat(24)];
    const settings = { SETBACK_ENCRYPTION_KEY_PREVIOUS: before, SETBACK_ENCRYPTION_KEY: now };
    expect(unwrap(readSettings(settings)).encryptionKeys).toEqual([now, before]);
  });

  it("signs end users with the subject keys, and searches under every secret that may have signed before", () => {
    const [a, b, c, d] = ["a".repeat(24), "b".repeat(24), "c".repeat(24), "d".repeat(24)];
    const others = { SETBACK_ENCRYPTION_KEY: c, SETBACK_ADMIN_KEY: d };
    const keys = (settings: object): readonly string[] => unwrap(readSettings({ ...settings })).subjectKeys;
    expect(keys({ SETBACK_SUBJECT_KEYS: `${a}, ${b},`, ...others })).toEqual([a, b, c, d]);
    expect(keys(others)).toEqual([c, d]);
    expect(keys({})).toEqual([]);
  });

  it.each([
    ["SETBACK_SUBJECT_KEYS", `${"a".repeat(24)},short`],
    ["SETBACK_ADMIN_KEY", "short"],
    ["SETBACK_ENCRYPTION_KEY", "short"],
    ["SETBACK_ENCRYPTION_KEY_PREVIOUS", "short"],
    ["SETBACK_UPSTREAM_URL", "api.openai.com"],
    ["SETBACK_UPSTREAM_URL", "localhost:8080/v1"], // a URL by its letters: the scheme is `localhost:`
    ["SETBACK_UPSTREAM_URL", "ftp://host.test/v1"],
    ["SETBACK_UPSTREAM_URL", "https://user:word@host.test/v1"],
    ["SETBACK_UPSTREAM_URL", "https://host.test/v1?api-version=1"],
    ["SETBACK_UPSTREAM_TIMEOUT_MS", "0"],
    ["SETBACK_UPSTREAM_TIMEOUT_MS", "soon"],
    ["SETBACK_UPSTREAM_ATTEMPT_TIMEOUT_MS", "0"],
    ["SETBACK_UPSTREAM_IDLE_TIMEOUT_MS", "0"],
    ["SETBACK_UPSTREAM_ATTEMPTS", "7"],
    ["SETBACK_UPSTREAM_ATTEMPTS", "1.5"],
    ["SETBACK_MAX_BODY_BYTES", "-1"],
    ["SETBACK_RELEASE_INTERVAL_SECONDS", "0"],
    ["SETBACK_REQUESTS_PER_MINUTE", "60"],
    ["SETBACK_REQUESTS_PER_MINUTE", "many"],
    ["SETBACK_TOKENS_PER_DAY", "0"],
    ["SETBACK_TOKENS_PER_DAY", "1.5"],
    ["SETBACK_DOLLARS_PER_DAY", "-1"],
    ["SETBACK_DOLLARS_PER_DAY", "ten"],
    ["SETBACK_PRICES", "{"],
    ["SETBACK_PRICES", "[]"],
    ["SETBACK_PRICES", '{"a-model": 3}'],
    ["SETBACK_PRICES", '{"a-model": {"input": -1, "output": 0}}'],
    ["SETBACK_PRICES", '{"a-model": {"input": 1}}'],
    ["SETBACK_ANALYSES_PER_DAY", "-1"],
    ["SETBACK_ANALYSES_PER_KEY_PER_DAY", "x"],
  ])("refuses %s=%j by its name", (name, value) => {
    const read = readSettings({ [name]: value });
    if (read.ok) throw new Error("it was meant to be refused");
    expect(read.error).toMatchObject({ status: 500, code: "bad_setting", param: name });
    expect(read.error.message).toContain(name);
  });

  it("never repeats a value, which may be a secret", () => {
    const read = readSettings({ SETBACK_ADMIN_KEY: "hunter2", SETBACK_UPSTREAM_URL: "https://user:hunter2@host.test" });
    expect(JSON.stringify(read)).not.toContain("hunter2");
  });

  it("never throws, and never makes up a number", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String)), (text) => {
        const read = readSettings({ SETBACK_UPSTREAM_ATTEMPTS: text, SETBACK_UPSTREAM_URL: text });
        if (read.ok) expect(read.value.upstream.attempts).toBe(Number(text));
      }),
    );
  });
});

it("takes a webhook with its secret, and neither without the other", () => {
  const [url, secret] = ["https://hooks.example/releases", "a-secret-of-at-least-24-characters"];
  const both = readSettings({ SETBACK_RELEASE_WEBHOOK: url, SETBACK_RELEASE_WEBHOOK_SECRET: secret });
  expect(both).toMatchObject({ ok: true, value: { releaseWebhook: { url, secret } } });
  for (const alone of [{ SETBACK_RELEASE_WEBHOOK: url }, { SETBACK_RELEASE_WEBHOOK_SECRET: secret }]) {
    expect(readSettings(alone)).toMatchObject({ ok: false, error: { code: "bad_setting" } });
  }
});
