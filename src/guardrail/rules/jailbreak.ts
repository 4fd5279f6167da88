// Patterns of texts that talk the model out of its rules: personas, forbidding refusal, dictating the first words.
// Law: data only; see phrase-rule.ts for how a source is written. Kinds after Wei et al., «Jailbroken: How Does LLM Safety Training Fail?» (arXiv 2307.02483).
import type { PhraseRule } from "./phrase-rule.ts";

export const JAILBREAK_RULES: readonly PhraseRule[] = [
  {
    id: "jailbreak-persona",
    message: "The text gives the model a persona or a mode without rules.",
    phrases: [
      {
        words:
          "anything now|dan\\b|stan\\b|better ?dan|evilbot|evil confidant|machiavel|devmode|amoral|unfiltered|uncensored",
        sources: [
          "\\bdo anything now\\b",
          "\\b(?:you are|act as|pretend (?:to be|you are)|be|become|play|as|mode|named|called|stay) (?:going to (?:act|be) (?:as )?)?(?:a |an |the )?(?:dan|stan|better ?dan|evilbot|evil confidant|machiavellian|devmode)\\b(?! (?:brown|rather|smith|lee|jones))",
          "\\balways intelligent and machiavellian\\b",
          "\\b(?:unfiltered and amoral|amoral and unfiltered|amoral chat ?bot|unfiltered (?:ai|chat ?bot|assistant|model|response|version)|uncensored (?:ai|chat ?bot|assistant|model|version))\\b",
        ],
      },
      {
        words:
          "restriction|guideline|constraint|limits|limitation|boundar|filter|rules|polic|morals|ethics|compass|conscience",
        after: "(?:moral|ethical|legal|safety|content|openai'?s?|ai|(?:and|or) [a-z]{4,10}|no|or|and) ",
        sources: [
          "\\b(?:with|have|has|having|under|bound by) (?:absolutely )?no (?:moral|ethical|legal|safety|content|moral or ethical|ethical or moral|ethical or legal) (?:or [a-z]{4,10} )?(?:restrictions|guidelines|constraints|limits|limitations|boundaries|filters|rules)\\b",
          "\\b(?:without|free (?:of|from)|freed from|not bound by|unbound by|regardless of|disregarding) (?:any |all |your |the |its )?(?:usual |typical )?(?:moral|ethical|safety|content|openai'?s?|ai) (?:(?:or|and) [a-z]{4,10} )?(?:restrictions|guidelines|constraints|limits|limitations|boundaries|filters|rules|polic(?:y|ies))\\b",
          "\\b(?:has|have|with) no (?:morals|ethics|moral compass|morals or ethics|ethics or morals|conscience)\\b",
        ],
      },
      {
        words:
          "confines|constraints|restrict|shackles|longer bound|longer restrict|longer constrain|longer limit|unrestrict|free from all|bound by|without any|without restrict|without limit|without filter",
        sources: [
          "\\b(?:broken|broke|break|freed?|liberated) (?:free )?(?:of|from) (?:the )?(?:typical )?(?:confines|constraints|restrictions|shackles) of (?:ai|an ai|artificial|openai)",
          "\\byou (?:are|'re) (?:now )?(?:an? )?(?:ai |assistant |model |chat ?bot )?(?:that |who |which )?(?:is |has |with )?(?:no longer (?:bound|restricted|constrained|limited)|no restrictions|unrestricted|free from all|not bound by|without (?:any )?(?:restrictions|limits|limitations|filters))",
        ],
      },
      {
        words: "mode\\b",
        sources: [
          "\\b(?:you are|you're|we are|enter|entering|activate|enable|switch to|switching to|act as if in|respond in|simulate) (?:now )?(?:in |to |into )?(?:[a-z]{3,10} )?(?:jailbreak|jailbroken|unrestricted|unfiltered|uncensored|sudo|god|dan|anti-?filter|opposite|evil|no-?filter|unlocked) mode\\b",
          "\\b(?:you are|you're|chatgpt|ai|gpt) (?:now )?(?:is )?(?:in|entering|with) (?:developer|debug|admin|maintenance|root|training|test) mode\\b",
          "\\bdeveloper mode (?:enabled|output|response|activated|v2)\\b",
        ],
      },
      {
        words: "jailbr",
        sources: ["\\b(?:jailbreak|jailbroken) (?:enabled|activated|prompt:|output)"],
      },
      {
        words: "refuse|reject|denies|deny|decline",
        after: "(?:not|never|n'?t|cannot) (?:ever )?",
        sources: [
          "\\b(?:never|not|won'?t|cannot|must not|don'?t) (?:ever )?(?:refuses?|reject|rejects|denies|deny|declines?) (?:a |any |to answer |to fulfill |to comply|the |my |human |direct )",
        ],
      },
      {
        words: "immoral|unethical|illegal|harmful|dangerous",
        after: "(?:is|are|'s|how|if|about|whether) ",
        sources: [
          "\\b(?:no matter how|even if|regardless of (?:how|whether)|does not care (?:if|about)|doesn'?t care (?:if|about)) (?:it is |it's |they are |the (?:request|question|content|response)s? (?:is|are) |how )?(?:immoral|unethical|illegal|illegal or unethical|unethical or illegal|immoral, unethical|harmful|dangerous)",
        ],
      },
      {
        words: "developer|creator|programmer|admin",
        after: "(?:the|your) (?:system )?",
        sources: [
          "\\b(?:i am|i'm) (?:the|your) (?:system )?(?:developer|creator|programmer|administrator|admin)\\b(?! of)",
        ],
      },
      {
        signs: "你现在|不受|没有|无视|摆脱|解除|不遵守|不必遵守|模式",
        sources: [
          "你现在(?:是|扮演|叫|就是)[^。\\n]{0,8}(?:dan\\b|越狱|不受(?:任何)?(?:限制|约束)|没有(?:任何)?(?:限制|约束|道德))",
          "(?:不受|没有|无视|摆脱|解除|不遵守|不必遵守)(?:任何|一切|所有)?(?:的)?(?:道德|伦理|法律|安全|内容|审查)(?:和|与|或|、)?(?:道德|伦理|法律|安全|规则)?(?:的)?(?:限制|约束|规则|底线|准则|审查|束缚)",
          "(?:已|现在|你)(?:经)?(?:进入|启用|开启|处于)(?:了)?(?:开发者|越狱|无限制|上帝|管理员)模式",
        ],
      },
      {
        words:
          "restricciones|censura|filtros|limites|restriction|censure|filtre|limite|einschrank|zensur|filter|beschrank",
        after: "(?:sin|sans|ohne) ",
        sources: [
          "\\b(?:actua|comportate|responde) como [^\\n]{0,24}(?:sin (?:restricciones|censura|filtros|limites)|dan\\b)",
          "\\b(?:agis|comporte-toi|reponds) (?:comme|en tant qu\\S{1,2}) [^\\n]{0,24}sans (?:restrictions?|censure|filtres?|limites?)",
          "\\b(?:verhalte dich|agiere|antworte) (?:wie|als) [^\\n]{0,24}ohne (?:einschrankungen|zensur|filter|beschrankungen)",
        ],
      },
    ],
  },
  {
    id: "refusal-suppression",
    message: "The text forbids the model to refuse.",
    phrases: [
      {
        words: "say|use|using|respond|reply|start|write|tell|answer|contain|include|begin",
        after: "(?:not|n'?t|never|without|avoid|cannot|cant) (?:ever )?",
        sources: [
          "\\b(?:do not|don'?t|never|must not|mustn'?t|should not|should never|may not|without|avoid|you cannot|you can'?t) (?:ever )?(?:say|saying|use|using|respond with|reply with|responding with|start with|write|tell me|telling me|answer with) (?:that |the (?:words?|phrases?) |things like |phrases (?:such as|like) |anything like |words like |something like )?[\"']{0,2}(?:that )?(?:i |you )?(?:cannot|can'?t|can not|am sorry|are sorry|'m sorry|sorry|apologi[sz]e|am unable|are unable|unable|unfortunately|as an ai|am an ai|are an ai|won'?t|am not able|are not able)",
          "\\bnever (?:contain|include|use|say|begin with) (?:any of )?(?:the )?(?:following )?(?:words?|phrases?)[^\\n]{0,40}(?:sorry|cannot|unable|unfortunately|apolog)",
        ],
      },
      {
        words: "refus|declin|reject|deny|denies|say no|say that|break",
        after: "(?:not|never|forbidden|prohibited|permitted|allowed) (?:ever |to |from )?",
        sources: [
          "\\b(?:you )?(?:are )?(?:not allowed|forbidden|prohibited|not permitted) (?:to |from )(?:refuse|refusing|decline|declining|reject|rejecting|deny|say (?:no|that you can))",
          "\\byou (?:must|should|may|can|will|shall) (?:not|never) (?:ever )?(?:refuse|decline|reject (?:any|this|my|the)|deny (?:any|this|my)|break character|break out of character)",
          "\\b(?:must|should|will|shall|can) (?:always |also )?(?:never|not) (?:refuse|decline) (?:a|any|this|my|to)\\b",
        ],
      },
      {
        signs: "不能|无法|抱歉|对不起|作为|拒绝",
        sources: [
          "(?:不要|不许|不得|不能|不准|禁止|切勿|别)(?:说|回答|使用|出现|回复)[^。\\n]{0,8}(?:不能|无法|抱歉|对不起|作为(?:一个)?(?:ai|人工智能|语言模型))",
          "(?:不许|不得|不能|不准|禁止|不要|切勿)拒绝(?:回答|我|任何|用户|执行|这个)",
        ],
      },
      {
        words: "digas|respondas|dis\\b|dites|reponds|niemals|nie\\b|nicht",
        sources: [
          "\\bno (?:digas|respondas) (?:nunca )?(?:que )?(?:no puedes|lo siento)",
          "\\bne (?:dis|dites|reponds) (?:jamais|pas) (?:que )?(?:tu ne peux|vous ne pouvez|desole|je ne peux)",
          "\\b(?:sag|sage|sagen sie|antworte) (?:niemals|nie|nicht) ?,? ?(?:dass )?(?:du (?:es )?nicht|ich kann nicht|es tut mir leid)",
        ],
      },
      {
        signs: "не мо|извини|прости|не (?:говори|отвечаи|пиши)",
        sources: [
          "не (?:говори|отвечаи|пиши)(?:те)? (?:мне )?(?:что )?(?:ты не можешь|вы не можете|не могу|извини|прости)",
        ],
      },
    ],
  },
  {
    id: "prefix-injection",
    message: "The text dictates the first words of the answer so that it begins by agreeing.",
    phrases: [
      {
        words: "sure|absolutely|course|certainly|definitely|here is|here are|here's|step 1|output is|problem|great|yes",
        after:
          "(?:with|by|to|writing|saying|exactly|only|the|following|phrase|words?|sentence|string|text|prefix|statement) (?:of |no |my )?",
        sources: [
          "\\b(?:start|starts|begin|begins|beginning|starting|commence|open|preface|prefix|initiate) (?:your |the |with |each |every |all )?(?:first )?(?:response|answer|reply|message|output|sentence|responses|answers)? ?(?:with|by saying|by writing|by|to)? ?(?:exactly |only |saying )?(?:the )?(?:following )?(?:phrase|words?|sentence|string|text|prefix|statement)? ?[\"']{1,3}(?:sure|absolutely|of course|certainly|definitely|here (?:is|are)|here's|step 1|my output is|no problem|great, i|yes, (?:i|here|sure))",
          "\\b(?:response|answer|reply|output) (?:must|should|has to|needs to|will|shall) (?:always )?(?:start|begin) (?:with|by saying) (?:exactly )?(?:the )?(?:phrase |words? |sentence |following )?[\"']{0,3}(?:sure|absolutely|of course|certainly|definitely|here (?:is|are)|here's|step 1|no problem)",
          "\\b(?:start|begin) with [\"']{1,3}(?:absolutely|sure|of course|certainly)[,!]? ?(?:here|i can|i will|i'd)",
        ],
      },
      {
        signs: "当然|好的|没问题|没有问题|可以",
        sources: [
          "(?:以|用)[\"':]{0,2}(?:当然|好的|没问题|没有问题|可以)[^。\\n]{0,16}(?:开头|开始|作为开头|起头)",
          "(?:回答|回复|答案)(?:必须|要|应|应该|需要)?(?:以|用)[\"':]{0,2}(?:当然|好的|没问题|可以)",
        ],
      },
      {
        words: "respuesta con|reponse par|antwort mit",
        sources: [
          "\\b(?:empieza|comienza|inicia) (?:tu |la )?respuesta con [\"']{0,2}(?:claro|por supuesto|seguro)",
          "\\b(?:commence|commencez|debute) (?:ta |votre )?reponse par [\"']{0,2}(?:bien sur|certainement|d'accord)",
          "\\b(?:beginne|beginnen sie|starte) (?:deine|ihre) antwort mit [\"']{0,2}(?:naturlich|sicher|klar)",
        ],
      },
      {
        signs: "начни",
        sources: ["начни(?:те)? (?:сво[а-я]{1,3} )?ответ (?:с|со слов?) [\"']{0,2}(?:конечно|хорошо)"],
      },
    ],
  },
];
