// Proves what an operator can set for `npm start`, and what is refused in a sentence.
import { describe, expect, it } from "vitest";
import { readStartSettings } from "../../../local/launch/settings.ts";

describe("readStartSettings", () => {
  it("has defaults", () => {
    expect(readStartSettings({}, "/home/me")).toEqual({
      port: 8787,
      stateFolder: "/home/me/.wrangler/state",
      tickMilliseconds: 60_000,
      modelFile: null,
      weightsFolder: "/home/me/local/weights",
      adaptersFolder: "/home/me/local/adapters",
      normalFile: null,
    });
  });

  it("takes what is set, and empty as not set", () => {
    const environment = {
      SETBACK_PORT: "1234",
      SETBACK_TICK_SECONDS: "0.5",
      SETBACK_MODEL_FILE: "a.gguf",
      SETBACK_STATE: "/s",
    };
    const settings = readStartSettings(environment, "/home/me");
    expect(settings).toMatchObject({
      port: 1234,
      tickMilliseconds: 500,
      modelFile: "/home/me/a.gguf",
      stateFolder: "/s",
    });
    expect(readStartSettings({ SETBACK_MODEL_FILE: "", SETBACK_PORT: "", SETBACK_STATE: "" }, "/home/me")).toEqual(
      readStartSettings({}, "/home/me"),
    );
  });

  it.each([
    ["SETBACK_PORT", "http"],
    ["SETBACK_PORT", "0"],
    ["SETBACK_PORT", "65536"],
    ["SETBACK_PORT", "80.5"],
    ["SETBACK_TICK_SECONDS", "0"],
    ["SETBACK_TICK_SECONDS", "soon"],
  ])("refuses %s=%s", (name, value) => {
    expect(() => readStartSettings({ [name]: value }, "/home/me")).toThrow(`${name} must be`);
  });
});
