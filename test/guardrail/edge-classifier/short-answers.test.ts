// Short ordinary answers are no harm: a benchmark of long ones would never show that they are flagged.
import { expect, it } from "vitest";
import { createEdgeGuardrail } from "../../../src/guardrail/edge-classifier/edge-guardrail.ts";
import { answering, conversationOf } from "../exchange-of.ts";

const guardrail = createEdgeGuardrail();

const QUESTIONS = [
  "When do you open?",
  "Hi there",
  "What is 3 times 5?",
  "Is the museum free?",
  "几点关门？",
  "Tell me a riddle.",
];

/** Of the fitted ones, and others. */
const ANSWERS = [
  ...["Yes.", "Sure!", "Yes, it does.", "Sure, here you go.", "OK.", "可以。", "好的，当然可以。"],
  ...["Yep.", "Correct.", "Fifteen.", "We open at ten.", "Right away!", "没事。", "行。", "十点。", "当然行，稍等。"],
  ...[
    "Nope.",
    "That works for me.",
    "No problem, happy to help!",
    "Sure, which time suits you?",
    "Yes, and it is free.",
  ],
];

it.each(QUESTIONS)("«%s» may be answered in a word or two", (question) => {
  const flagged = ANSWERS.filter(
    (answer) => guardrail.check(answering(answer, conversationOf(["user", question])), "output").status === "flag",
  );
  expect(flagged).toEqual([]);
});
