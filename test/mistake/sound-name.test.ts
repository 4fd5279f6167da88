// Names of models stay as they are; what only looks like one is redacted.
import { describe, expect, it } from "vitest";
import { soundName } from "../../src/mistake/sound-name.ts";

describe("soundName", () => {
  it.each([
    "gpt-4o-2024-08-06",
    "claude-3-5-sonnet-20241022",
    "@cf/meta/llama-3.1-8b-instruct-fast",
    "ft:gpt-3.5-turbo-0125:org:name:9abcDEF1",
    "Qwen2.5-0.5B-Instruct-Q4_K_M.gguf",
  ])("leaves %s", (name) => {
    expect(soundName(name)).toBe(name);
  });

  it("redacts and cuts what a stranger wrote there", () => {
    expect(soundName(`jane@example.org ${"x".repeat(500)}`)).toMatch(/^\[email\] x{1,200}$/);
    expect(soundName("a\ud800")).toBe("a\ufffd");
  });
});
