// Patterns of texts that dress up as something the model obeys: a system turn, template tokens, a policy file.
// Law: data only; see phrase-rule.ts for how a source is written. OWASP LLM01:2025 (prompt injection); HiddenLayer, «Novel Universal Bypass» (policy puppetry, April 2025).
import type { PhraseRule } from "./phrase-rule.ts";

export const DISGUISE_RULES: readonly PhraseRule[] = [
  {
    id: "fake-turn",
    message: "The text imitates a turn or the template tokens of a chat, as if the system spoke.",
    phrases: [
      {
        signs: "<\\||\\[/?inst|<</?sys|<start_of|<end_of|\\]\\(#|</?(?:system|override|developer|admin|debug)",
        sources: [
          "<\\|(?:im_start|im_end|im_sep|system|user|assistant|endoftext|start_header_id|end_header_id|eot_id|begin_of_text|end_of_text|start_of_role|end_of_role|endofprompt|channel|message|start|end|return|call)\\|>",
          "\\[/?inst\\]|<</?sys>>|<start_of_turn>|<end_of_turn>",
          "\\[(?:system|assistant|admin)\\]\\(#[a-z_]{1,40}\\)",
          "</?system(?:[-_\\s](?:prompt|message|instructions?|override))?>",
          "</?(?:system|override|developer|admin|debug)[-_\\s]?(?:mode|override)>",
        ],
      },
      {
        words: "system|developer",
        after: "(?:^|\\n)[^a-z\\n]{0,8}",
        sources: [
          "(?:^|\\n)\\s{0,4}#{1,4} ?\\[?(?:system|developer)(?: (?:prompt|message|instructions?|note|override))?\\]?\\s{0,2}(?::|\\n)",
          "(?:^|\\n)\\s{0,4}[\\[(*]{0,2}(?:system|developer)(?: (?:message|prompt|override|note|update))?[\\])*]{0,2}\\s?:\\s{0,2}(?:you|new|ignore|override|from now|disregard|the (?:user|assistant|previous|model)|all |forget|reveal|print|output)",
        ],
      },
      {
        words: "end of|begin of|start of|overrid",
        sources: [
          "[-=#*]{2,12}\\s{0,2}(?:end|begin|start) of (?:the )?(?:system )?(?:prompt|instructions|user (?:input|query|prompt)|context|conversation)\\b",
          "\\b(?:system|admin|administrator|developer) override\\b(?:\\s{0,2}[:!.\\]]| (?:code|mode|engaged|activated|enabled))",
          "\\b(?:in|enter|activate|engage|enable) (?:the )?(?:system )?override mode\\b",
        ],
      },
      {
        signs: "系统(?:消息|提示|指令|通知)|system(?:消息|提示|指令|通知)",
        sources: ["(?:^|\\n)\\s{0,4}(?:系统|system)(?:消息|提示|指令|通知)\\s?:\\s?(?:你|请|忽略|现在|从现在|新的)"],
      },
    ],
  },
  {
    id: "policy-puppetry",
    message: "The text is dressed up as a configuration or policy that the model should obey.",
    phrases: [
      {
        words: "interaction|conversation|assistant|response|model|chat|safety|moderation|system",
        after: "<",
        sources: [
          "<(?:interaction|conversation|assistant|response|model|chat|safety|moderation|system)[-_]?(?:config|configuration|policy|policies|rules|settings)\\b",
        ],
      },
      {
        words: "blocked|allowed|forbidden|permitted",
        sources: [
          "<?\\b(?:blocked|allowed|forbidden|permitted)[-_\\s](?:strings?|modes?|responses?|phrases?|outputs?|refusals)\\b\\s?[>=:]",
        ],
      },
      {
        words: "filter|polic|mode|check|guideline|enabled|level",
        after: "[-_]",
        sources: [
          '\\b(?:safety|content|moderation|ethics|refusal|censorship|guardrails?)[-_](?:filters?|polic(?:y|ies)|modes?|checks?|guidelines|enabled|level)"?\\s{0,3}[=:]\\s{0,3}["\']?(?:off|none|disabled?|false|0\\b|bypass)',
        ],
      },
      {
        words: "refusal|restrictions|guardrails|censorship|disclaimers",
        sources: [
          '\\b(?:refusals?|restrictions|guardrails|censorship|disclaimers)"?\\s{0,3}[=:]\\s{0,3}["\']?(?:off|none|disabled?|false|forbidden|never)\\b',
        ],
      },
      {
        words: "policy|system|interaction|jailbreak|safety",
        after: "\\[",
        sources: [
          "\\[(?:policy|system[-_\\s]?(?:policy|config|rules)|interaction[-_\\s]?config|jailbreak|safety)\\]\\s{1,4}[a-z_-]{2,30}\\s?=",
        ],
      },
    ],
  },
];
