// Proves that wrangler itself reads back every value exactly as the operator set it.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unstable_getVarsForDev } from "wrangler";
import { z } from "zod";
import { writeVariablesFile } from "../../../local/launch/variables-file.ts";
import type { Variables } from "../../../local/launch/worker-variables.ts";
import { temporaryFolder } from "../fakes/temporary-folder.ts";

const bindings = z.record(z.string(), z.looseObject({ value: z.string() }));

async function readBack(file: string, variables: Variables): Promise<Variables> {
  await writeVariablesFile(file, variables);
  const read = bindings.parse(unstable_getVarsForDev(undefined, [file], {}, undefined, true));
  return Object.fromEntries(Object.entries(read).map(([name, { value }]) => [name, value]));
}

describe("writeVariablesFile", () => {
  it("carries any value to the Worker, or refuses it in a sentence", async () => {
    const file = join(await temporaryFolder(), "state", "worker.env");
    const texts = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom("$", "{", "}", "\\", "'", '"', "#", "\n", "\r", "=", "HOME", " ", "n"))
        .map((all) => all.join("")),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (value) => {
        const variables = { SETBACK_POLICY: value, SETBACK_UPSTREAM_MODEL: "after" };
        const outcome = await readBack(file, variables).catch((cause: unknown) => cause);
        if (outcome instanceof Error) expect(outcome.message).toContain("SETBACK_POLICY");
        else expect(outcome).toEqual(variables);
      }),
    );
  });

  it("carries what operators really write", async () => {
    const file = join(await temporaryFolder(), "worker.env");
    const variables = {
      SETBACK_POLICY: '{"rules":[{"phrase":"it\'s $100 # off","action":"block"}]}',
      SETBACK_UPSTREAM_KEY: "sk-$HOME/+=\\",
    };
    expect(await readBack(file, variables)).toEqual(variables);
  });

  it("is for the owner only", async () => {
    const file = join(await temporaryFolder(), "worker.env");
    await writeVariablesFile(file, { SETBACK_UPSTREAM_KEY: "secret" });
    if (process.platform !== "win32") expect((await stat(file)).mode & 0o777).toBe(0o600);
  });
});
