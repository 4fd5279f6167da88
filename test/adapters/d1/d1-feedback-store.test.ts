// Feedback on real D1, and the fake held to the same contract.
import { env } from "cloudflare:workers";
import { D1FeedbackStore } from "../../../src/adapters/d1/d1-feedback-store.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { feedbackStoreContract } from "../../contract/feedback-store.ts";
import { InMemoryFeedbackStore } from "../../fakes/in-memory-feedback-store.ts";

feedbackStoreContract("D1", () => new D1FeedbackStore(openDatabase(env.DB)));
feedbackStoreContract("the in-memory fake", () => new InMemoryFeedbackStore());
