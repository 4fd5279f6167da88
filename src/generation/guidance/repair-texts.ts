// What the model is told when its answer was withheld and is asked for again (action `repair`), as data.
// Law: a changed word is a new version, since the version is stored with every mistake it had a part in; the reason is the
// operator's sentence for the finding, never the text that was found.
import type { Language } from "../../lib/language.ts";

export interface RepairText {
  readonly version: string;
  /** after the user's turn, where nothing of the answer was sent */
  readonly again: (reasons: string) => string;
  /** a turn of its own, after what was sent already */
  readonly goOn: (reasons: string) => string;
}

export const REPAIR_TEXTS: Readonly<Record<Language, RepairText>> = {
  en: {
    version: "repair-en-1",
    again: (reasons) =>
      `An earlier answer to this could not be shown. The reason: ${reasons} Answer again, in another way, so that this does not apply.`,
    goOn: (reasons) =>
      `Your answer was stopped there, since it was about to go wrong. The reason: ${reasons} Go on from exactly where it stopped, in another way, so that this does not apply. Do not repeat what you said already.`,
  },
  zh: {
    version: "repair-zh-1",
    again: (reasons) => `先前对此的回答无法展示。原因：${reasons} 请换一种方式重新回答，避免上述问题。`,
    goOn: (reasons) =>
      `你的回答在此处被中止，因为接下来的内容会出问题。原因：${reasons} 请从中止之处换一种方式继续，避免上述问题，不要重复已经说过的内容。`,
  },
};
