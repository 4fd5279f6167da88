// Makes keys over the wire, as an operator does.
import { z } from "zod";
import type { Scope } from "../../src/access/key.ts";
import type { Gateway } from "./gateway.ts";

const keySchema = z.looseObject({ id: z.string(), key: z.string() });

export async function makeKey(gateway: Gateway, ...scopes: readonly Scope[]): Promise<z.infer<typeof keySchema>> {
  const reply = await gateway.ask("/v1/keys", { body: { name: "test", scopes } });
  return keySchema.parse(await reply.json());
}

/** A key for chat with limits of its own. */
export async function makeLimitedKey(gateway: Gateway, limits: object): Promise<z.infer<typeof keySchema>> {
  const reply = await gateway.ask("/v1/keys", { body: { name: "limited", scopes: ["chat"], limits } });
  return keySchema.parse(await reply.json());
}
