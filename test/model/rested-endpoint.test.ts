// A guardrail's server that keeps failing is left alone for a while.
import { expect, it } from "vitest";
import { err, ok } from "../../src/lib/result.ts";
import { Breaker, CIRCUIT_LIMITS } from "../../src/model/circuit.ts";
import type { JsonPost } from "../../src/model/http-endpoint.ts";
import { restedEndpoint, unavailableEndpoint } from "../../src/model/rested-endpoint.ts";
import { handClock } from "../fakes/hand-clock.ts";
import { problemOfStatus } from "../fakes/played-model.ts";

const POST: JsonPost = { path: "", body: {}, proof: "bearer" };
const { signal } = new AbortController();

it("is asked until it failed too often, and again after a while", async () => {
  const clock = handClock();
  let asked = 0;
  const failing = {
    post: async () => {
      asked += 1;
      return await Promise.resolve(asked > CIRCUIT_LIMITS.threshold ? ok("fine") : err(problemOfStatus(502)));
    },
  };
  const endpoint = restedEndpoint(failing, new Breaker(clock.now));
  for (let call = 0; call < CIRCUIT_LIMITS.threshold; call += 1) {
    expect((await endpoint.post(POST, signal)).ok).toBe(false);
  }
  expect(await endpoint.post(POST, signal)).toMatchObject({ ok: false, error: { code: "upstream_unavailable" } });
  expect(asked).toBe(CIRCUIT_LIMITS.threshold);
  clock.advance(CIRCUIT_LIMITS.coolDownMilliseconds);
  expect(await endpoint.post(POST, signal)).toEqual(ok("fine"));
});

it("says what is wrong where it can't be asked at all", async () => {
  const problem = problemOfStatus(503);
  expect(await unavailableEndpoint(problem).post(POST, signal)).toEqual(err(problem));
});
