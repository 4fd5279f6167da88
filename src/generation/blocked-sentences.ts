// What the people at the other end read where something was withheld, as data. Law: never the rule, nor what it matched;
// a changed word is a new version.
import type { Side } from "../guardrail/verdict.ts";
import { languageOf, type Language } from "../lib/language.ts";
import { lastUserText } from "../mistake/exchange-text.ts";
import type { ChatMessage } from "../wire/chat-completion.ts";

export interface BlockedSentences extends Readonly<Record<Side, string>> {
  readonly version: string;
}

export const BLOCKED_SENTENCES: Readonly<Record<Language, BlockedSentences>> = {
  en: {
    version: "blocked-en-1",
    input: "This request was blocked by the policy of this service. Change it and try again.",
    output: "This answer was withheld by the policy of this service. Ask in another way, or ask something else.",
  },
  zh: {
    version: "blocked-zh-1",
    input: "此请求已被本服务的安全策略拦截。请修改后重试。",
    output: "此回答已被本服务的安全策略拦截。请换一种问法，或提出其他问题。",
  },
};

/** In the language of the user's last turn. */
export function blockedSentence(side: Side, messages: readonly ChatMessage[]): string {
  return BLOCKED_SENTENCES[languageOf(lastUserText(messages))][side];
}
