// Addresses of model servers: what is one, and how it is kept.
import { expect, it } from "vitest";
import { baseUrl, isBaseUrl } from "../../src/lib/base-url.ts";

it.each([
  ["https://api.openai.com/v1", "https://api.openai.com/v1"],
  ["http://127.0.0.1:8080", "http://127.0.0.1:8080/v1"],
  ["https://HOST.test:443/openai//", "https://host.test/openai"],
])("keeps %s as %s", (text, kept) => {
  expect(isBaseUrl(text)).toBe(true);
  expect(baseUrl(text)).toBe(kept);
});

it.each([
  "",
  "host.test",
  "localhost:8080/v1",
  "ftp://host.test",
  "file:///etc",
  "javascript:0",
  "https://user:word@host.test/v1",
  "https://user@host.test/v1",
  "https://host.test/v1?a=1",
  "https://host.test/v1#a",
])("refuses %j", (text) => {
  expect(isBaseUrl(text)).toBe(false);
});
