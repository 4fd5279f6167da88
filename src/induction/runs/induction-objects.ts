// What a run's steps read: its seeds and its plan, as one object until the run has ended. Law: read back by a schema, as anything stored.
import { z } from "zod";
import type { ObjectStore } from "../../lib/object-store.ts";
import { INDUCTION_ARMS, type InductionRun } from "../../mistake/induction-run.ts";

const plannedSchema = z.object({
  seeds: z.array(z.object({ system: z.string().nullable(), instruction: z.string() })),
  plan: z.array(
    z.object({
      ...{ index: z.int().min(0), seed: z.int().min(0), technique: z.string() },
      ...{ arm: z.enum(INDUCTION_ARMS), calls: z.int().min(1) },
    }),
  ),
});

export type PlannedRun = z.infer<typeof plannedSchema>;

type Named = Pick<InductionRun, "projectId" | "id">;

function keyOf({ projectId, id }: Named): string {
  return `projects/${projectId}/inductions/${id}.json`;
}

export async function putPlanned(objects: ObjectStore, run: Named, planned: PlannedRun): Promise<void> {
  await objects.put(keyOf(run), JSON.stringify(planned), "application/json");
}

/** Throws where it is gone. */
export async function getPlanned(objects: ObjectStore, run: Named): Promise<PlannedRun> {
  const text = await objects.getText(keyOf(run));
  if (text === null) throw new Error("the run's plan is gone");
  return plannedSchema.parse(JSON.parse(text));
}

export async function deletePlanned(objects: ObjectStore, run: Named): Promise<void> {
  await objects.delete(keyOf(run));
}
