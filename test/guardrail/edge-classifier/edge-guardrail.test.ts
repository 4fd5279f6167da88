// The edge classifier as a guardrail. Law: it flags at its threshold, and without one it only reports.
import { describe, expect, it } from "vitest";
import type { EdgeClassifier } from "../../../src/guardrail/edge-classifier/edge-classifier.ts";
import { createEdgeGuardrail } from "../../../src/guardrail/edge-classifier/edge-guardrail.ts";
import { turnInWork } from "../../../src/guardrail/edge-classifier/turn-in-work.ts";
import type { Exchange, ExchangeText, Role } from "../../../src/guardrail/exchange.ts";

function said(role: Role, text: string): ExchangeText {
  return { role, text, location: "content" };
}

function exchange(conversation: readonly ExchangeText[], ...answers: readonly string[]): Exchange {
  return { conversation, answer: answers.map((text) => said("assistant", text)), guidance: [] };
}

/** Says what it was asked, and always the same probability. */
function fakeClassifier(probability: number): { classifier: EdgeClassifier; asked: string[] } {
  const asked: string[] = [];
  const classifier: EdgeClassifier = {
    version: "test",
    promptProbability: (prompt) => {
      asked.push(`prompt: ${prompt.join("|")}`);
      return probability;
    },
    answerProbability: (prompt, answer) => {
      const scorer = classifier.scorer(prompt);
      for (const [text, piece] of answer) scorer.push(piece, text);
      return scorer.probability();
    },
    scorer: (prompt) => {
      asked.push(`scorer: ${prompt.join("|")}`);
      return {
        push: (piece, text) => asked.push(`push: ${piece} of ${text}`),
        probability: () => probability,
      };
    },
  };
  return { classifier, asked };
}

const PLAIN = exchange([said("user", "How do I bake bread?")], "Mix flour and water.");

describe("createEdgeGuardrail", () => {
  it("passes a plain exchange with the committed weights and thresholds, and reports score and threshold", () => {
    const verdict = createEdgeGuardrail().check(PLAIN, "output");
    expect(verdict).toMatchObject({ guardrail: "edge-classifier", side: "output", status: "pass", findings: [] });
    expect(verdict.score).toBeLessThan(verdict.threshold ?? 0);
  });

  it("reports the score of an input and never flags it by default", () => {
    const verdict = createEdgeGuardrail().check(PLAIN, "input");
    expect(verdict).toMatchObject({ side: "input", status: "pass", threshold: null });
    expect(verdict.score).toBeGreaterThanOrEqual(0);
  });

  it.each(["input", "output"] as const)("flags at the threshold: %s", (side) => {
    const { classifier } = fakeClassifier(0.75);
    const verdict = createEdgeGuardrail({ input: 0.75, output: 0.75 }, classifier).check(PLAIN, side);
    expect(verdict).toMatchObject({ version: "test", status: "flag", score: 0.75, threshold: 0.75 });
    expect(verdict.findings).toMatchObject([{ rule: "edge-classifier", category: "custom:harmful", span: null }]);
    expect(verdict.findings[0]?.message).toContain("0.75");
  });

  it.each(["input", "output"] as const)("passes below the threshold: %s", (side) => {
    const { classifier } = fakeClassifier(0.74);
    const verdict = createEdgeGuardrail({ input: 0.75, output: 0.75 }, classifier).check(PLAIN, side);
    expect(verdict).toMatchObject({ status: "pass", score: 0.74, threshold: 0.75, findings: [] });
  });

  it.each(["input", "output"] as const)("never flags without a threshold: %s", (side) => {
    const { classifier } = fakeClassifier(1);
    const verdict = createEdgeGuardrail({ input: null, output: null }, classifier).check(PLAIN, side);
    expect(verdict).toMatchObject({ status: "pass", score: 1, threshold: null, findings: [] });
  });

  it("reads the turn in work and every text of the answer", () => {
    const { classifier, asked } = fakeClassifier(0);
    createEdgeGuardrail({ input: null, output: null }, classifier).check(
      exchange([said("user", "old"), said("assistant", "reply"), said("user", "new")], "first", "second"),
      "output",
    );
    expect(asked).toEqual(["scorer: new", "push: first of content", "push: second of content"]);
  });

  it("skips a side without text", () => {
    const guardrail = createEdgeGuardrail();
    expect(guardrail.check(exchange([said("user", "hello")]), "output").status).toBe("skipped");
    expect(guardrail.check(exchange([said("user", "hello")], " "), "output").status).toBe("skipped");
    expect(guardrail.check(exchange([said("system", "be kind")]), "input").status).toBe("skipped");
  });

  it("scores an answer without any user turn", () => {
    expect(createEdgeGuardrail().check(exchange([], "Good morning."), "output").status).toBe("pass");
  });
});

describe("following an answer", () => {
  const guardrail = createEdgeGuardrail({ input: null, output: 0.5 });
  const before = exchange([said("user", "How do I bake bread?")]);

  it("says at every cut what a check says of what has come", () => {
    const texts = { reasoning_content: "The user bakes. 🙂", content: "Mix flour, water\nand salt: 加水。" };
    const answer = Object.entries(texts).map(([location, text]) => ({ ...said("assistant", text), location }));
    const follower = guardrail.follow?.(before);
    const come: Record<string, string> = { reasoning_content: "", content: "" };
    for (let place = 0; place < 40; place += 1) {
      for (const { location, text } of answer) {
        const piece = text.slice(place, place + 1);
        follower?.push(piece, location);
        come[location] = `${come[location] ?? ""}${piece}`;
      }
      const soFar = answer.map((text) => ({ ...text, text: come[text.location] ?? "" }));
      expect(follower?.verdict()).toEqual(guardrail.check({ ...before, answer: soFar }, "output"));
    }
  });

  it("flags as soon as the score reaches the threshold", () => {
    const { classifier } = fakeClassifier(0.75);
    const follower = createEdgeGuardrail({ input: null, output: 0.75 }, classifier).follow?.(before);
    expect(follower?.verdict()).toMatchObject({ status: "skipped" });
    follower?.push(" ", "content");
    expect(follower?.verdict()).toMatchObject({ status: "skipped" });
    follower?.push("Mix", "content");
    expect(follower?.verdict()).toMatchObject({ side: "output", status: "flag", score: 0.75 });
  });
});

describe("turnInWork", () => {
  it("is the last run of user texts with what tools said since", () => {
    const conversation = [
      said("system", "be kind"),
      said("user", "first"),
      said("assistant", "reply"),
      said("user", "second"),
      said("user", "and more"),
      said("assistant", "let me look"),
      said("tool", "found"),
    ];
    expect(turnInWork(conversation)).toEqual(["second", "and more", "found"]);
  });

  it("is what tools said where no user spoke", () => {
    expect(turnInWork([said("system", "be kind"), said("tool", "found")])).toEqual(["found"]);
  });
});
