// What a test of a client is given: where the gateway answers, and what reached the scripted model.
import { randomUUID } from "node:crypto";
import { z } from "zod";

function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing: run the clients by "npm run clients".`);
  return value;
}

export const GATEWAY_URL = given("SETBACK_CLIENTS_GATEWAY");
export const API_KEY = given("SETBACK_CLIENTS_KEY");
export const STREAM_MODE = given("SETBACK_CLIENTS_STREAM_MODE");
const UPSTREAM_URL = given("SETBACK_CLIENTS_UPSTREAM");

const askedSchema = z.array(z.object({ body: z.looseObject({}), brokenOff: z.boolean() }));

/** Every request of one test carries its `user`, by which the scripted model tells them apart. */
export function newUser(): string {
  return randomUUID();
}

export async function askedOf(user: string): Promise<z.infer<typeof askedSchema>> {
  return askedSchema.parse(await (await fetch(`${UPSTREAM_URL}/asked?user=${user}`)).json());
}

export interface CountingFetch {
  readonly fetch: typeof fetch;
  /** how often the client asked the gateway */
  readonly count: () => number;
}

export function countingFetch(): CountingFetch {
  let count = 0;
  return {
    fetch: async (input, init) => {
      count += 1;
      return await fetch(input, init);
    },
    count: () => count,
  };
}
