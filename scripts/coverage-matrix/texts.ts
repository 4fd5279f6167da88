// The texts of the matrix. Law: the forbidden span is made of signs that stand nowhere else, so that each that leaks is counted.

export const SPAN = "ΞΦΨΩΔΛΣΘ";
const SPAN_SIGNS = /[ΞΦΨΩΔΛΣΘ]/g;

export const BEFORE =
  "The lamp stands in the hall, and it is switched on every evening when the shop closes its doors. It was bought last spring, as the list says. The word on its label reads ";
export const AFTER =
  " and nothing else is written there. Whoever wants to see it may come on any day but Sunday, and ask at the counter for the lamp.";
export const FLAGGED = `${BEFORE}${SPAN}${AFTER}`;
export const CLEAN = "The lamp costs twelve euros and comes with a bulb.";
export const REPAIRED = "Ask at the counter, please.";
export const QUESTION = "What is written on the lamp?";

export const FLAGGED_ARGUMENTS = JSON.stringify({ note: FLAGGED });
export const TOOL_NAME = "take_note";
export const FLAGGED_TOOL_NAME = `take_${SPAN}_note`;
/** no field of OpenAI's */
export const UNKNOWN_FIELD = "x_remark";
export const MARKER = "[redacted]";

/** How many signs of the span stand in a text. */
export function countLeaked(text: string): number {
  return text.match(SPAN_SIGNS)?.length ?? 0;
}
