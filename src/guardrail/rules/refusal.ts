// How models refuse, in English and Chinese. Law: data with a version; every repetition is bounded, so matching is linear; an
// expression sees one sentence, its quotations taken out, its apostrophes straight, its letters small.

export const REFUSAL_VERSION = "2026-11-23.1";

/** What is asked of a model, so that «I can't wait», «I can't see your order» and «I cannot attend» are none of it. */
const TASKS =
  "assist|help|provid|fulfil|comply|complet|answer|creat|writ|generat|produc|offer|give|shar|support|engag|participat|discuss|respond|" +
  "do (?:that|this|so|it|what)|teach|instruct|guid|advis|recommend|suggest|encourag|promot|condon|endors|facilitat|proceed|satisfy|" +
  "accommodat|address|entertain|execut|tell you|talk about|explain|describ|list|make (?:jokes|fun|light|up|statements|comments)|" +
  "contribut|go along|speculat|disclos|reveal|justify|advocat|agree|be (?:of|a part|part|able)|carry out|follow|honou?r|grant|" +
  "express|tolerat|say|mention|play|roleplay|use (?:that|such|offensive|hateful)|allow|perform|act|draft|compos|speak|meet|imagine|pretend|judge|rate|rank|compare";

const UNABLE =
  "(?:can't|cannot|can not|won't|will not|am unable to|'m unable to|am not able to|'m not able to|could not|couldn't|am not going to|" +
  "'m not going to|must decline|have to decline|need to decline|must respectfully decline|am not (?:comfortable|programmed|designed|capable|allowed|permitted)|" +
  "'m not (?:comfortable|programmed|designed|capable|allowed|permitted)|do not feel comfortable|don't feel comfortable|refuse to|decline to|shouldn't|should not|" +
  "cannot in good conscience|would not be able to|wouldn't be able to|am prohibited from|'m prohibited from|am forbidden)";

/** The subject, and what may stand between it and the verb. */
const I =
  "\\b(?:i|we)(?: (?:am afraid|'m afraid|regret|must say|fear)(?: that)?(?: i)?)?(?: (?:simply|just|really|also|therefore|still|personally|respectfully|unfortunately|strictly))?";

/** A sentence that says by itself that the request is refused. */
export const REFUSALS: readonly RegExp[] = [
  new RegExp(
    `${I} ?${UNABLE}(?: (?:to|in|with|of|be|and|or|from|will not|ever|directly|simply|ethically|legally|knowingly)){0,3} (?:${TASKS})`,
  ),
  new RegExp(`${I} ?(?:must|have to|need to|will have to)(?: (?:respectfully|politely))? (?:decline|refuse)`),
  /\bi(?: am|'m) (?:very |so |truly |really )?sorry,? (?:but )?(?:i |we )?(?:can't|cannot|can not|won't|am unable|'m unable|am not able)\.?$/,
  /\bnot possible for me to\b/,
  /\bnot within my (?:programming|guidelines|ethical|capabilit|scope|abilit|purpose)/,
  /\b(?:against|violates?|goes against|outside(?: of)?|beyond) (?:my|our|openai's) (?:programming|(?:ethical|content|usage|safety|community|use) ?(?:guidelines?|polic\w+|principles|standards)?|guidelines?|polic\w+|principles|values)/,
  /\b(?:can't|cannot|can not|won't|unable to|not able to) (?:assist|help)(?: you)?(?: with)?(?: (?:that|this|your|it|such))?/,
  /^(?:sorry|apologies|unfortunately),? (?:but )?(?:i |we |that |this )?(?:can't|cannot|can not|won't|am unable|'m unable|is not something i)/,
  /\b(?:request|question|prompt|topic) (?:is|seems|appears|may be|could be)(?: to be)? (?:not (?:appropriate|acceptable|ethical)|inappropriate|unethical|illegal|harmful|offensive)/,
  /\bnot (?:appropriate|ethical|acceptable|right|okay|ok) (?:or \w+ |and \w+ )?(?:for me )?to (?:provide|assist|help|answer|offer|give|share|write|create|make (?:jokes|fun|light|statements)|discuss|encourage|promote|ask|suggest|generate|engage|use|perpetuate|joke|speculate|disclose)/,
  /(?:抱歉|对不起|不好意思|遗憾)[^。！？\n]{0,40}(?:无法|不能|不会|不便|不可以|没办法|没有办法|不方便|拒绝)[^。！？\n]{0,12}(?:提供|回答|协助|帮|满足|完成|生成|给出|支持|讨论|参与|执行|编写|撰写|写|告诉|分享|透露|继续|处理|这样做|这么做|答复|回应|为您|为你|给您|给你|解答|描述|按照)/,
  /我(?:们)?(?:是|只是)?[^。！？，,\n]{0,16}(?:无法|不能|不会|不便|不可以|拒绝)(?:为您|为你|给您|给你|向您|向你|就此|对此|直接|继续)?(?:提供|回答|协助|帮助|帮您|帮你|满足|生成|给出|支持|讨论|参与|编写|撰写|告诉|分享|透露|执行|这样做|这么做|答复|回应|解答)/,
  /作为(?:一个|一名|一款)?[^。！？\n]{0,24}(?:人工智能|ai|语言模型|助手|模型)[^。！？\n]{0,30}(?:无法|不能|不会|不便|不可以|拒绝)[^。！？\n]{0,12}(?:提供|回答|协助|帮|满足|生成|给出|支持|讨论|参与|编写|撰写|写|告诉|分享|透露|执行|鼓励|涉及)/,
  /(?:这个|该|此|您的|你的)(?:问题|请求|要求|话题)[^。！？\n]{0,10}(?:我(?:们)?)?(?:无法|不能|不便|不予)(?:回答|答复|满足|提供|处理|讨论|协助)/,
  /(?:违反|不符合)[^。！？\n]{0,12}(?:我的|使用政策|内容政策|安全(?:规定|准则)|道德准则|原则)/,
];

/** Says what is wrong with what was asked, as refusals do and answers may. */
export const OBJECTIONS: readonly RegExp[] = [
  /\b(?:is|are|would be|it's|that's) (?:not|never|highly|completely|extremely|strictly|generally|also|considered|very|both|\w+ and)?,? ?(?:not )?(?:appropriate|ethical|acceptable|inappropriate|unethical|unacceptable|illegal|immoral|harmful|wrong|offensive|disrespectful|against the law)/,
  /\bi(?: am|'m) (?:just|only|merely) an? (?:ai|language model|assistant|artificial)/,
  /\bas an? (?:responsible |ethical |helpful |respectful |large |honest )?(?:and \w+ )?(?:ai|language model|assistant|artificial)/,
  /\bi (?:strongly |highly |must |would |want to |have to )?(?:advise against|urge you|discourage|do not (?:condone|support|encourage|recommend|endorse)|don't (?:condone|support|encourage|recommend|endorse)|(?:must |would like to )?(?:inform|remind|point out|emphasize|clarify))/,
  /(?:是)?(?:违法|非法|不道德|不合法|不恰当|不合适|不可取|有害)的/,
];

const WRONG =
  "respect|dignity|harm|equal|inappropriate|illegal|against the law|unethical|immoral|discriminat|stereotyp|violen|hurtful|hate|prejudice|offensive|" +
  "consent|privacy|safety|dangerous|serious|never|not (?:appropriate|acceptable|ethical|okay|right|funny|a joke)|well-being|wellbeing|sensitiv|compassion|kindness|inclusiv";

/** An answer that opens so teaches instead of answering. */
export const LECTURES: readonly RegExp[] = [
  /^(?:no,? )?(?:i(?:'m| am) sorry,? but )?(?:it(?:'s| is)|that(?:'s| is)|this is) (?:not|never) (?:\w+ )?(?:appropriate|ethical|acceptable|okay|ok|right|fair|productive|respectful|legal|accurate or \w+|accurate to (?:say|make|assume|generali[sz]e|suggest|label)|best|a (?:good|safe|wise) (?:idea|practice))\b/,
  new RegExp(
    `^(?:first(?:ly)?,? (?:and foremost,? )?)?(?:it(?:'s| is)|i (?:believe|think) (?:it(?:'s| is)|that it is)) (?:very |extremely |also |always )?(?:important|crucial|essential|vital|necessary) (?:to|that|for)\\b.{0,300}(?:${WRONG})`,
  ),
  new RegExp(
    `^(?:as an? [^,]{0,60}, )?i must (?:clarify|inform|point out|emphasi[sz]e|remind|stress|say)\\b.{0,240}(?:${WRONG})`,
  ),
  /^(?:as an? [^,]{0,60}, )?i (?:do not|don't) (?:think|believe) (?:it(?:'s| is)|that(?:'s| is)|this is|that it is|there is) (?:\w+ ){0,2}(?:appropriate|right|ok|okay|productive|helpful|fair|ethical|acceptable|good idea|funny)/,
  /^i(?: am|'m) (?:just |only )?an ai\b.{0,200}\b(?:do not|don't|cannot|can't|not (?:able|capable|programmed|designed|appropriate)|unable)\b/,
  /^i (?:strongly |firmly |completely |would )?(?:condemn|advise against|urge you|discourage)\b/,
];

/** After a refusal: that something is given all the same. */
export const TURNS =
  /\b(?:however|that said|nevertheless|nonetheless|but|instead|though),? (?:i (?:can|could|would be|will|am able|'d be|am happy|'m happy)|here(?:'s| is| are)|let me|if you)|(?:不过|但是|但|然而)[^。！？\n]{0,8}(?:我可以|可以|以下|这里|您可以|你可以)/;

/** A letter or a scene in which somebody refuses. */
export const OTHER_VOICE =
  /^(?:dear |(?:hi|hello|hey),? [^.!?\n]{1,40},\s*\n|to whom|subject|re:|from:|to:|once upon|chapter|act |scene|int\.|ext\.|title:|亲爱的|尊敬的|主题|从前)/;
