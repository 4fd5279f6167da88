// Irrelevant texts of the guidance's length: what a text at that place does by being there, whatever it says.
// Law: as many characters as GUIDANCE_TEXTS has, and nothing in them about answers, right or wrong.
import type { GuidanceText } from "../../src/generation/guidance/guidance-texts.ts";
import type { Language } from "../../src/lib/language.ts";

export const CONTROL_TEXTS: Readonly<Record<Language, GuidanceText>> = {
  en: {
    version: "control-en-1",
    before: "The small library by the old station opens at nine on weekdays, mostly.",
    after:
      "Note: the station clock runs two minutes late in winter, as the oil inside it thickens. A man with a long ladder comes from the next valley in spring, sets it right by his watch, and has tea at one.",
  },
  zh: {
    version: "control-zh-1",
    before: "车站旁边的小图书馆平日里通常在早上九点钟开门迎客。",
    after:
      "顺便说：车站的大钟冬天总会慢两分钟，因为里面的油变稠了。到了春天，邻村的人会扛着长梯子来，照着手表拨准了它。",
  },
};
