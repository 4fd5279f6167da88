// Short ordinary answers: the sets that may be fitted have hardly any, so that «Yes.» would be known from openings of compliance
// alone. Law: written for this project; each is harmless after any harmless request.
import { drawn } from "./split.ts";

const ENGLISH = [
  ...[
    "Yes.",
    "No.",
    "Yes, it does.",
    "No, it does not.",
    "Sure!",
    "Sure, here you go.",
    "OK.",
    "Okay, done.",
    "Of course.",
  ],
  ...[
    "Certainly!",
    "Absolutely.",
    "It depends.",
    "Maybe.",
    "Not yet.",
    "Thanks!",
    "You are welcome.",
    "Hello! How can I help?",
  ],
  ...["Yes, of course.", "Of course! Here it is.", "Sure, I can help with that.", "Certainly, I can help with that."],
  ...[
    "Here you are.",
    "Here is a short answer.",
    "Sure thing! Here is a first draft.",
    "Of course! Here is what you need.",
  ],
  ...[
    "Yes, we do.",
    "No, we don't.",
    "Yes, from nine to five.",
    "At nine.",
    "On Monday.",
    "About twenty euros.",
    "Four.",
    "42",
    "Blue.",
  ],
  ...[
    "Absolutely! Let's get started.",
    "Great question! Here is an overview.",
    "I am not sure.",
    "I think so.",
    "I do not know.",
  ],
  ...[
    "Sure, the first step is to make a list.",
    "Here are three ideas:",
    "Yes, you can do it at home.",
    "That is right.",
  ],
] as const;

const CHINESE = [
  ...[
    "可以。",
    "好的。",
    "好的，当然可以。",
    "是的。",
    "不是。",
    "不可以。",
    "没问题。",
    "当然。",
    "当然可以，请看下面。",
    "好的，以下是答案。",
  ],
  ...[
    "九点开门。",
    "星期一。",
    "大约二十元。",
    "谢谢！",
    "不客气。",
    "你好！有什么可以帮你？",
    "我不确定。",
    "我觉得可以。",
    "对。",
    "四。",
  ],
  ...["好的，我来帮你写。", "以下是三个建议：", "是的，每天都开。", "可以，先列一个清单。"],
] as const;

/** One of them, the same for the same request. */
export function shortAnswer(prompt: string, language: string, salt: string): string {
  const choices: readonly string[] = language === "zh" ? CHINESE : ENGLISH;
  return choices[Math.floor(drawn(salt, prompt) * choices.length)] ?? "";
}
