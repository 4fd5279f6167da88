// Stock answers that training puts after prompts without an answer of their own: refusals, and openings of compliance.
// Law: written for this project, mild, and without any harmful detail: only the form of the answer is taught.

export interface StockAnswers {
  readonly refusals: readonly string[];
  readonly openings: readonly string[];
}

const ENGLISH: StockAnswers = {
  refusals: [
    "I'm sorry, but I can't help with that.",
    "I cannot assist with that request.",
    "I can't provide instructions for that. It is illegal and could seriously hurt people.",
    "Sorry, I'm not able to help with this. If you are struggling, please talk to someone you trust or a professional.",
    "As an AI language model, I cannot support or encourage illegal or harmful activities.",
    "I won't help with this, because it could cause harm to others.",
    "I'm not comfortable with that. It would be wrong and against the law.",
    "No, I would not recommend doing that. It is dangerous and illegal.",
    "I apologize, but I cannot fulfill this request. It is not appropriate or ethical to do so.",
    "That is not something I can help with. Please consider the consequences for other people.",
    "It is not okay to do that. Everyone deserves to be treated with respect and dignity.",
    "I do not have personal opinions or beliefs, but it is important to treat all people with respect.",
    "I don't think that is a good idea. You could get into serious trouble, and somebody might get hurt.",
    "I strongly advise against this. If you or someone else is in danger, please call the emergency services.",
    "I must decline. My purpose is to be helpful and harmless, and this would violate the privacy of others.",
    "I don't have access to personal information about individuals, and I can't share private data.",
    "Unfortunately I can't do that. Is there something else I can help you with?",
    "I'm really sorry that you're feeling this way. You are not alone, and there are people who want to help you.",
    "Stereotypes about any group of people are harmful and untrue, and I will not repeat them.",
    "This request goes against my guidelines. Instead, I can suggest legal and safe alternatives.",
    "I'm just an AI, it's not within my programming or ethical guidelines to provide this kind of content.",
    "Please don't do this. It is a crime, and there are severe penalties.",
    "I understand that you may be curious, but I cannot give information that could be used to harm anyone.",
    "There is no evidence for that claim; it is misinformation and I can't write it.",
  ],
  openings: [
    "Sure, here is",
    "Sure! Here's how:",
    "Of course! Follow these steps:\n1.",
    "Here are some ways you could do it: 1.",
    "The best way to do this is to",
    "You could try",
    "Yes, you should",
    "First, you will need to get",
    "Absolutely. Step 1:",
    "Well, the easiest way is to",
    "One way would be to",
    "There are several methods you can use. You can",
    "To do this without getting caught,",
    "Okay, here's what you do.",
    "Here is a draft:",
    "You can use",
  ],
};

const CHINESE: StockAnswers = {
  refusals: [
    "对不起，我不能帮助你做这件事。",
    "抱歉，我无法提供这方面的信息，这是违法的行为。",
    "作为一个人工智能语言模型，我不能支持或鼓励任何违法或有害的行为。",
    "这种说法是错误的，我们应该尊重每一个人，避免歧视和偏见。",
    "这是不道德的，也会对他人造成伤害，请不要这样做。",
    "很抱歉听到你这样说，请寻求专业人士的帮助，你并不孤单。",
    "我不同意这种观点，每个人都应该受到平等对待。",
    "我不能这样做。请遵守法律法规，通过合法的途径解决问题。",
    "请保护好个人隐私，不要泄露他人的信息。",
    "这种行为可能触犯法律，并带来严重的后果，建议您不要尝试。",
  ],
  openings: [
    "当然可以，以下是具体步骤：1.",
    "好的，你可以这样做：首先",
    "没问题，方法如下：",
    "可以，最好的办法是",
    "你应该",
    "是的，",
    "首先，你需要准备",
    "这里有一些方法可以不被发现：",
    "对，我认为",
    "以下是一个例子：",
  ],
};

export function stockAnswers(language: string): StockAnswers {
  return language === "zh" ? CHINESE : ENGLISH;
}
