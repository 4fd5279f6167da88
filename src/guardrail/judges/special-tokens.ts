// Takes the power out of what means something to a guard model's template. Law: a judged text can neither close its quotation nor
// open a turn of its own; linear, and what a person reads stays the same but for blanks.

/**
 * Control tokens of Llama 3 and 4, Qwen (ChatML) and harmony (`<|…|>`), Llama 2 and Mistral (`[INST]`, `<s>`), Qwen's `<think>`,
 * and the templates' own marks (`<BEGIN CONVERSATION>`, `<END UNSAFE CONTENT CATEGORIES>`).
 */
const OPENINGS = /<(?=\||\/?think>|\/?s>|BEGIN |END )|\[(?=\/?INST\])/gi;
const PIPE_ENDINGS = /\|(?=>)/g;
/** The templates tell speakers apart by these words at the beginning of a line. */
const SPEAKERS = /^(?=[ \t]*(?:user|agent|assistant|system)[ \t]*[:：])/gim;

export function withoutSpecialTokens(text: string): string {
  return text.replace(OPENINGS, "$& ").replace(PIPE_ENDINGS, "$& ");
}

/** For templates whose turns begin with the speaker's name; the quotation mark makes the line a quotation. */
export function withoutSpeakers(text: string): string {
  return withoutSpecialTokens(text).replace(SPEAKERS, "> ");
}
