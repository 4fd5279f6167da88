// What an upstream calls the model that is asked for.
import { expect, it } from "vitest";
import type { ModelNames } from "../../src/model/upstream.ts";
import { upstreamName } from "../../src/model/upstream-name.ts";

const MAP: ModelNames = { fast: "small-1", good: "large-1" };

it.each<[string, ModelNames, string | undefined, string | null, string | null]>([
  ["passes names where there is no map", {}, "m", "m", "m"],
  ["passes no name on", {}, undefined, null, null],
  ["maps a name", MAP, "good", "large-1", "large-1"],
  ["keeps clients to the map", MAP, "large-1", null, "small-1"],
  ["takes the first for default", MAP, "default", "small-1", "small-1"],
  ["takes the first for no name", MAP, undefined, "small-1", "small-1"],
  ["takes the map's word for default", { ...MAP, default: "large-1" }, undefined, "large-1", "large-1"],
  ["knows nothing of prototypes", MAP, "constructor", null, "small-1"],
])("%s", (_name, models, asked, forClients, forGateway) => {
  expect(upstreamName(models, asked, "client")).toBe(forClients);
  expect(upstreamName(models, asked, "gateway")).toBe(forGateway);
});
