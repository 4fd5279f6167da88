// What is captured enters the review queue in one step a batch, safe to repeat, and never fails for a policy that can't be read.
import { expect, it } from "vitest";
import { QueuedCaptures } from "../../../src/induction/review/queued-captures.ts";
import type { ConditionalEntry } from "../../../src/mistake/review-queue.ts";
import { DEFAULT_POLICY, type Policy } from "../../../src/policy/policy.ts";
import { ok } from "../../../src/lib/result.ts";
import { InMemoryMistakeStore } from "../../fakes/in-memory-mistake-store.ts";
import { InMemoryObjectStore } from "../../fakes/in-memory-object-store.ts";
import { InMemoryReviewStore } from "../../fakes/in-memory-review-store.ts";
import { capturedAttack, capturedMistake, newProjectId, reviewOf } from "../../fixtures/records.ts";

const guardrails = { fast: [], slow: [] };
const unreadable = {
  status: 503,
  type: "server_error",
  code: "policies_unavailable",
  message: "m",
  param: null,
} as const;

function policyWith(enqueue: Policy["review"]["enqueue"]): Policy {
  return { ...DEFAULT_POLICY, review: { ...DEFAULT_POLICY.review, enqueue } };
}

/** @param policies of projects; one without is the gateway's, and null can't be read */
function capturing(policies: ReadonlyMap<string, Policy | null> = new Map()) {
  const mistakes = new InMemoryMistakeStore(new InMemoryObjectStore());
  const reviews = new InMemoryReviewStore(mistakes);
  const enqueued: (readonly ConditionalEntry[])[] = [];
  const captures = new QueuedCaptures({
    mistakes: {
      insertCaptured: async (captured, entries = []) => {
        await mistakes.insertCaptured(captured, entries);
        if (entries.length > 0) enqueued.push(entries);
      },
    },
    policyDirectory: {
      forKey: async (projectId) => {
        const policy = policies.get(projectId);
        await Promise.resolve();
        if (policy === null) return { ok: false, error: unreadable };
        const own = policy === undefined ? null : { policy, guardrails, enforced: null };
        return ok({ own, monitor: false, allowances: [] });
      },
    },
    completion: { policy: policyWith([{ reason: "default", priority: 5 }]), guardrails },
  });
  const reasonsOf = async (projectId: string) =>
    (await reviews.listQueue({ projectId, limit: 50, after: null })).map(({ reason }) => reason);
  return { captures, mistakes, enqueued, reasonsOf };
}

it("goes by each project's own policy, in one step for all of them", async () => {
  const [own, plain, none] = [newProjectId(), newProjectId(), newProjectId()];
  const { captures, enqueued, reasonsOf } = capturing(
    new Map([
      [own, policyWith([{ reason: "own", priority: 1, kinds: ["other"] }])],
      [none, policyWith([])],
    ]),
  );
  await captures.insertCaptured([
    ...[own, plain, none, own].map((project) => capturedMistake(project)),
    capturedMistake(own, { kind: "harmful" }),
    capturedAttack(own),
  ]);
  expect(enqueued).toHaveLength(1);
  expect([await reasonsOf(own), await reasonsOf(plain), await reasonsOf(none)]).toEqual([
    ["own", "own"],
    ["default"],
    [],
  ]);
  await captures.insertCaptured([capturedAttack(own), capturedMistake(none)]);
  expect(enqueued).toHaveLength(1);
});

it("goes by the gateway's rules where the project's can't be read", async () => {
  const project = newProjectId();
  const { captures, mistakes, reasonsOf } = capturing(new Map([[project, null]]));
  const captured = capturedMistake(project);
  await captures.insertCaptured([captured]);
  expect(await mistakes.get(project, captured.mistake.id)).not.toBeNull();
  expect(await reasonsOf(project)).toEqual(["default"]);
});

it("brings nothing back that was decided before the batch came again", async () => {
  const project = newProjectId();
  const { captures, mistakes, reasonsOf } = capturing();
  const captured = capturedMistake(project);
  await captures.insertCaptured([captured]);
  await mistakes.review(reviewOf(project, captured.mistake.id, { decision: "dismiss" }));
  await captures.insertCaptured([captured]);
  expect(await reasonsOf(project)).toEqual([]);
});
