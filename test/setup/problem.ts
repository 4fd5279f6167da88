// Reads an error reply as every client must be able to: OpenAI's error object with all four keys, and an id to quote.
import { expect } from "vitest";
import { z } from "zod";

const problemSchema = z.strictObject({
  error: z.looseObject({
    message: z.string().min(1),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string(),
  }),
});

export type WireProblem = z.infer<typeof problemSchema>["error"];

export async function problemOf(reply: Response): Promise<WireProblem> {
  expect(reply.headers.get("content-type")).toBe("application/json");
  expect(reply.headers.get("x-request-id")).toMatch(/^req_[0-9a-z]{25}$/);
  return problemSchema.parse(await reply.json()).error;
}
