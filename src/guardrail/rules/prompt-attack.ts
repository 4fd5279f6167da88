// The rules for prompt attacks, together. Law: the version changes with every change of a pattern.
import { DISGUISE_RULES } from "./disguise.ts";
import { JAILBREAK_RULES } from "./jailbreak.ts";
import type { PhraseRule } from "./phrase-rule.ts";
import { PROMPT_TAKEOVER_RULES } from "./takeover.ts";

export const PROMPT_ATTACK_VERSION = "2026-11-23.2";

export const PROMPT_ATTACK_RULES: readonly PhraseRule[] = [
  ...PROMPT_TAKEOVER_RULES,
  ...JAILBREAK_RULES,
  ...DISGUISE_RULES,
];
