// The answer that feedback is about: kept for the feedback window, or a mistake already, or sent with the feedback.
// Law: in the caller's own project; nothing is guessed where a name fits two answers.
import { outcomeOf } from "../../generation/compare-policies.ts";
import type { Clock } from "../../lib/clock.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import type { KeptExchange } from "../../mistake/kept-exchange.ts";
import type { KeptExchangeStore } from "../../mistake/kept-exchange-store.ts";
import { subjectOf, subjectOfExchange } from "../../mistake/feedback-subject.ts";
import type { MistakeStore } from "../../mistake/mistake-store.ts";
import type { Mistake } from "../../mistake/mistake.ts";
import { redactExchange } from "../../mistake/redact-exchange.ts";
import { conflict, notFound, type Problem } from "../../problem.ts";
import type { ChatMessage, CompletionMessage } from "../../wire/chat-completion.ts";
