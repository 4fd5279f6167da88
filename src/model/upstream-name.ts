// What an upstream calls the model that is asked for. Law: with a map, a client gets only what is in it.
import { DEFAULT_MODEL_NAME } from "./named-model.ts";
import type { ModelNames } from "./upstream.ts";

/** Whose wish a name is: a client's is kept to the map, the gateway's own calls take what there is. */
export type Caller = "client" | "gateway";

/** null: this upstream does not serve it. «default» is the map's first model, unless the map says another. */
export function upstreamName(models: ModelNames, asked: string | undefined, caller: Caller): string | null {
  const [first] = Object.values(models);
  if (first === undefined) return asked ?? null;
  const name = asked ?? DEFAULT_MODEL_NAME;
  if (Object.hasOwn(models, name)) return models[name] ?? null;
  return name === DEFAULT_MODEL_NAME || caller === "gateway" ? first : null;
}
