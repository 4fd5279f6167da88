// Patterns of texts that take the model's orders over: dropping instructions, hijacking the goal, asking for the prompt.
// Law: data only; see phrase-rule.ts for how a source is written. Perez & Ribeiro, «Ignore Previous Prompt» (arXiv 2211.09527), name the two goals: goal hijacking and prompt leaking.
import type { PhraseRule } from "./phrase-rule.ts";

const EARLIER = "(?:previous|prior|above|preceding|earlier|initial|original|foregoing|existing|former|past)";
const ORDERS =
  "(?:instructions?|directions?|directives?|commands?|orders|prompts?|rules|guidelines|guidance|restrictions|constraints|programming)";
const DROP =
  "(?:ignore|ignoring|disregard|disregarding|forget|override|overrule|bypass|neglect|(?:do not|don'?t|stop) (?:follow|following|obey|obeying))";
const OF_THEM = "(?:all |any |every |each )?(?:of )?(?:the |your |my |our |these |those |this |its )?";
const SAY = "(?:output|print|say|write|respond with|reply with|answer with|return|type|scream)";

export const PROMPT_TAKEOVER_RULES: readonly PhraseRule[] = [
  {
    id: "ignore-instructions",
    message: "The text asks the model to drop the instructions it was given.",
    phrases: [
      {
        words: "ignor|disregard|forget|overrid|overrul|bypass|neglect",
        sources: [
          `\\b${DROP} ${OF_THEM}(?:[a-z]{2,12} )?${EARLIER} (?:[a-z]{2,12} )?${ORDERS}\\b`,
          `\\b${DROP} ${OF_THEM}(?:own|system|safety|ethical|content|built-in|default|internal|core|moral) (?:[a-z]{2,12} )?${ORDERS}\\b`,
          `\\b${DROP} (?:all |any )(?:of )?(?:your |these |those |the )?(?:${ORDERS}|training)\\b`,
          `\\b(?:disregard|forget|override|ignore) your (?:instructions|guidelines|programming|rules|training|directives)\\b`,
          `\\b${DROP} (?:the |all |all the |everything |all of the )?(?:instructions? |text |content |sentences? |information |input )?above(?:\\s{0,4}[.,;:!\\n]| (?:and|then|instructions?|directions?|rules|text|prompt|instead)\\b|$)`,
          `\\b(?:ignore|disregard|forget) (?:everything|anything|all|what) (?:that )?(?:you (?:were|have been|'ve been|are|was) (?:told|instructed)|i (?:said|told you|wrote|have said) (?:before|above|previously|so far)|before this|said (?:before|above)|prior to this)`,
          "\\b(?:ignore|forget) (?:every ?thi?ng|all|anything) (?:that )?you(?: have|'ve)? (?:been told|learned|learnt|read|heard|were taught) (?:so far|before|until now|about (?:your|the) (?:rules|instructions|safety))",
        ],
      },
      {
        words: "follow|obey",
        after: "(?:not|n'?t|stop) ",
        sources: [
          `\\b${DROP} ${OF_THEM}(?:[a-z]{2,12} )?${EARLIER} (?:[a-z]{2,12} )?${ORDERS}\\b`,
          `\\b${DROP} ${OF_THEM}(?:own|system|safety|ethical|content|built-in|default|internal|core|moral) (?:[a-z]{2,12} )?${ORDERS}\\b`,
          `\\b${DROP} (?:all |any )(?:of )?(?:your |these |those |the )?(?:${ORDERS}|training)\\b`,
        ],
      },
      {
        words: "instruct|directive|orders|prime",
        after: "new (?:system )?",
        sources: [
          `\\b(?:your|the|here are (?:your|the)) new (?:system )?(?:instructions|directives?|orders|prime directive) (?:is|are)\\b`,
        ],
      },
      {
        words:
          "ignor|olvida|descarta|omite|sigas|caso omiso|desobedece|oublie|neglige|compte d|abstraction|esquec|desconsider",
        sources: [
          "\\bignora(?:d|r)? (?:por completo )?(?:todas |todo )?(?:las |tus |mis |los |sus )?(?:instrucciones|indicaciones|ordenes|reglas|directrices)(?: (?:anteriores|previas|originales|de arriba|que))",
          "\\b(?:olvida|olvidate de|descarta|omite|no sigas|haz caso omiso de|desobedece|ignora) (?:todas |todo )?(?:las |tus |mis )?(?:(?:anteriores|previas) (?:instrucciones|ordenes|reglas)|(?:instrucciones|indicaciones|ordenes|reglas|directrices) (?:anteriores|previas|originales|de arriba|del sistema))",
          "\\b(?:ignore[zr]?|oublie[zr]?|neglige[zr]?|ne (?:tiens|tenez) pas compte d\\S{1,4}|fais abstraction d\\S{1,4}) (?:toutes |tout )?(?:les |tes |vos |des |de )?(?:instructions|consignes|directives|regles|ordres) (?:precedente?s|ci-dessus|anterieure?s|prealables|initiales|d'avant|du systeme)",
          "\\b(?:ignor[ea]|esquec[ae]|desconsider[ea]) (?:todas )?(?:as |suas |minhas )?(?:instrucoes|ordens|regras|orientacoes) (?:anteriores|previas|acima|originais|do sistema)",
        ],
      },
      {
        words: "ignorier|vergiss|vergess|missacht|uberspring",
        sources: [
          "\\b(?:ignorieren?|vergiss|vergessen|missachten?|uberspringen?) (?:sie )?(?:bitte )?(?:alle |samtliche )?(?:die |deine |ihre |meine )?(?:vorherigen|bisherigen|obigen|vorangegangenen|vorangehenden|fruheren|vorigen|ursprunglichen) (?:anweisungen|instruktionen|befehle|regeln|vorgaben|aufforderungen|eingaben)",
        ],
      },
      {
        signs: "игнориру|забудь|отбрось|отмени|не (?:обращаи|следуи|выполняи)",
        sources: [
          "(?:игнорируи|проигнорируи|забудь|отбрось|отмени)(?:те)? (?:про )?(?:все |всю )?(?:свои |твои |ваши |мои )?(?:предыдущ|прошл|прежн|вышеуказанн|вышеизложенн|ранн|первоначальн|системн)[а-я]{1,6} (?:инструкци|указани|команд|правил|распоряжени|сообщени)",
          "не (?:обращаи|следуи|выполняи)(?:те)? (?:внимания на )?(?:все )?(?:предыдущ|прошл|прежн|системн)[а-я]{1,6} (?:инструкци|указани|команд|правил)",
        ],
      },
      {
        signs: "忽略|忽视|忽視|无视|無視|忘记|忘記|忘掉|不要理会|不用理会|不要遵|抛弃|丢弃|覆盖|跳过|不用管|别管",
        sources: [
          "(?:忽略|忽视|忽視|无视|無視|忘记|忘記|忘掉|不要理会|不用理会|不要遵守|不要遵循|不要遵从|抛弃|丢弃|覆盖|跳过)[^。\\n]{0,8}(?:之前|以上|上述|上面|前面|先前|此前|以前|刚才|所有|一切|全部|系统|你的|原有|初始)[^。\\n]{0,8}(?:指令|指示|命令|提示|规则|規則|约束|设定|限制|准则|要求)",
          "(?:忽略|忽视|无视|無視|忘记|忘掉|不要理会|不用管|别管)(?:掉)?(?:之前|以上|上述|上面|前面|先前)(?:的|所有|全部|一切|所说的|说的){0,3}(?:内容|文字|文本|对话|信息|问题|话)",
        ],
      },
    ],
  },
  {
    id: "output-hijack",
    message: "The text asks the model to leave its task and put out a given sentence instead.",
    phrases: [
      {
        words: "ignore|disregard|forget|never ?mind|instead of",
        sources: [
          `\\b(?:ignore|disregard|forget|never mind|nevermind|instead of) [^\\n]{0,24}\\b(?:above|previous|preceding|prior|earlier|instructions?|directions) [^\\n]{0,60}\\b${SAY}\\b`,
          `\\binstead of (?:answering|translating|summari[sz]ing|following|doing|the above|classifying)[^\\n]{0,40}\\b${SAY} (?:only |just |exactly |simply )?["':]`,
          `\\b(?:ignore|disregard) (?:the |this |that )?(?:whole |entire |actual |rest of the )?(?:function|resume|web ?page|content|document|article|page|email|passage|question|task|data|request) (?:and|then) (?:instead |just |only |simply |please )?${SAY}\\b`,
        ],
      },
      {
        words: "translat|answer|summari|classify|follow|complete",
        after: "(?:not|n'?t) ",
        sources: [
          `\\b(?:do not|don'?t) (?:translate|answer|summari[sz]e|classify|follow|complete) [^\\n]{0,40}\\b(?:instead|but|just|and only) (?:please |just |only |simply )?${SAY}\\b`,
        ],
      },
      {
        signs: "(?:不要|别|无需|停止)(?:翻译|回答|总结|执行|理会)",
        sources: [
          "(?:不要|别|无需|停止)(?:翻译|回答|总结|执行|理会)[^\\n]{0,16}(?:而是|只需|直接|只要|改为)(?:输出|打印|回复|说|写)",
        ],
      },
    ],
  },
  {
    id: "reveal-system-prompt",
    message: "The text asks the model for its hidden instructions.",
    phrases: [
      {
        words: "prompt|message|instruction",
        after: "(?:system|initial|original|hidden|custom|secret|developer|your(?: [a-z]{3,10}){0,2}|pre) ?-?",
        sources: [
          "\\b(?:reveal|show|print|output|repeat|display|tell me|give me|share|leak|disclose|recite|write (?:out|down)|copy|summari[sz]e|translate|list|dump|expose|echo|read (?:me )?(?:back|out)|what (?:is|are|was|were)|what'?s) (?:me |us |to me |out )?(?:again |back |exactly |verbatim )?(?:all |all of |the contents? of |the text of )?your (?:[a-z]{3,10} ){0,2}(?:system prompts?|system messages?|system instructions?|initial prompt|initial instructions|original instructions|hidden (?:prompt|instructions)|custom instructions|secret instructions|pre-?prompt|developer message|prompt)\\b",
          "\\b(?:reveal|print|output|repeat|display|leak|disclose|recite|dump|expose|show me|tell me|give me|echo|ignore) (?:all |all of )?(?:the|this|that|its) (?:[a-z]{3,10} ){0,2}(?:system prompt|system message|system instructions|initial prompt|hidden prompt|hidden instructions|pre-?prompt|developer message)\\b",
        ],
      },
      {
        words: "above",
        sources: [
          "\\b(?:repeat|print|output|recite|copy|echo|write|reveal|display|show me) (?:all |everything |the |each |every ){0,2}(?:of )?(?:the )?(?:words?|text|content|message|messages|lines|sentences|instructions|conversation)? ?(?:written )?above (?:this (?:line|message|sentence|text|prompt)|verbatim|starting (?:with|from)|word for word|in (?:full|a code|a markdown|verbatim))",
          "\\brepeat (?:everything|all the words|all of the words|all text|all the text) above",
        ],
      },
      {
        words: "starting|begins|beginning",
        sources: ["\\bstarting (?:with|from) (?:the (?:words?|phrase) )?[\"']{1,2}you are\\b"],
      },
      {
        words: "told|instructed|instructions|rules|prompt",
        after: "(?:you|what|which) ",
        sources: [
          "\\bwhat (?:were|are) you (?:told|instructed) (?:in|by|at) (?:the |your )?(?:system|beginning|start|developer)",
          "\\b(?:what|which) (?:instructions|rules|prompt) (?:were|was|have|did) (?:you )?(?:been )?(?:given|told|receive)",
        ],
      },
      {
        words: "prompt|mensaje|instrucciones",
        sources: [
          "\\b(?:muestra|muestrame|revela|revelame|dime|repite|imprime|ensename|escribe|cual es) (?:me )?(?:todo )?(?:el |tu |tus |las |los )(?:[a-z]{3,10} )?(?:prompt|mensaje|instrucciones) (?:del sistema|de sistema|inicial|iniciales|ocult[oa]s?|secret[oa]s?)",
        ],
      },
      {
        words: "systeme|initial|cachee|secrete",
        after: "(?:prompt|invite|message|instructions|consignes) (?:du |de )?",
        sources: [
          "\\b(?:montre|montrez|revele|revelez|affiche|affichez|repete|repetez|donne|donnez|dis|dites|ecris)(?: moi| nous)? (?:le |ton |ta |tes |les |votre |vos )(?:prompt|invite|message|instructions|consignes) (?:du systeme|de systeme|systeme|initiale?s?|cachee?s?|secrete?s?)",
        ],
      },
      {
        words: "system ?-?prompt|systemnachricht|systemanweis|geheim|ursprunglich",
        sources: [
          "\\b(?:zeige?|zeigen|verrate?|verraten|gib|wiederhole?|wiederholen|nenne|offenbare|drucke)(?: sie)?(?: mir| uns)? (?:bitte )?(?:deine?n?|den|die|ihre?n?) (?:gesamten |vollstandigen |geheimen )?(?:system prompt|systemprompt|systemnachricht|systemanweisung(?:en)?|geheimen anweisungen|urspunglichen anweisungen)",
        ],
      },
      {
        signs: "системн|скрыт|изначальн",
        sources: [
          "(?:покажи|раскрои|выведи|повтори|напиши|скажи|сообщи|перескажи)(?:те)? (?:мне )?(?:все |весь |полностью )?(?:сво[а-я]{1,3} |тво[а-я]{1,3} |ваш[а-я]{0,3} )?(?:системн[а-я]{2,3} (?:промпт|сообщени|инструкци|подсказк|запрос)|скрыт[а-я]{2,3} инструкци|изначальн[а-я]{2,3} инструкци)",
        ],
      },
      {
        signs: "(?:系统|初始|隐藏|预设)(?:提示|指令|消息|设定)|你的|你(?:系统)?(?:提示|初始|系统|内部)",
        sources: [
          "(?:重复|复述|复读|输出|打印|显示|透露|泄露|告诉我|说出|展示|给我看|公开|列出|翻译|总结)[^。\\n]{0,8}(?:系统提示|系统指令|系统消息|系统设定|初始指令|初始提示|初始设定|隐藏指令|预设指令|你的(?:全部|所有|完整|原始|初始|内部|隐藏)?(?:的)?(?:提示词|指令|预设|设定|prompt))",
          "你(?:的)?(?:系统)?(?:提示词|系统提示|初始指令|系统指令|内部指令)(?:是|为)(?:什么|啥|多少)",
        ],
      },
      {
        signs: "(?:之前|以上|上面)(?:的)?(?:所有|全部)",
        sources: [
          "(?:重复|复述|输出|打印)(?:一遍|一下)?(?:这句话|本句|此处|这里|这条消息)?(?:之前|以上|上面)(?:的)?(?:所有|全部)(?:的)?(?:内容|文字|文本|指令|话)",
        ],
      },
    ],
  },
  {
    id: "ask-for-secret",
    message: "The text asks the model for a password, code word or key that it was given.",
    phrases: [
      {
        words: "password|pass ?phrase|pass ?code|code ?-?word|secret|access code|api key",
        sources: [
          "\\b(?:tell me|give me|reveal|show me|print|output|share|spell|say|repeat|encode|translate|write down|disclose|confirm|what (?:is|was)|what'?s) (?:me |us |out )?(?:again )?(?:the|your|that|this|its) (?:(?!best|difference|purpose|meaning)[a-z]{3,10} ){0,2}(?:passwords?|pass ?phrases?|pass ?codes?|code ?-?words?|secret (?:keys?|codes?|words?|numbers?|phrases?|passwords?)|access codes?|api keys?)\\b(?! (?:to|of|behind|for|manager|polic|reset|length|strength|field|in|on))",
        ],
      },
      {
        signs: "密码|口令|暗号|密钥|暗语",
        sources: [
          "(?:告诉我|说出|透露|输出|给我|打印|重复|泄露)[^。\\n]{0,6}(?:密码|口令|暗号|密钥|暗语)",
          "(?:你的|系统(?:的)?|秘密)(?:密码|口令|暗号|密钥|暗语)是(?:什么|啥|多少)",
        ],
      },
    ],
  },
];
