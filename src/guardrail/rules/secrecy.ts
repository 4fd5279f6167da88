// How a system prompt says that something is secret. Law: data with a version, over folded text (lower case, no marks).

export const SECRECY_VERSION = "2026-11-23.2";

/** A sentence that has one of these holds a secret, or speaks of one. */
export const SECRECY_MARK =
  /\b(?:secrets?|secretly|confidential(?:ly|ity)?|classified|internal only|for internal use|do not (?:ever )?(?:share|disclose|reveal|tell|mention|give (?:out|away)|leak|expose|repeat|say|show|output|print)|don'?t (?:ever )?(?:share|disclose|reveal|tell|mention|give (?:out|away)|leak|expose|repeat|say|show)|(?:never|not to|must not|cannot|can'?t|may not|should not|under no circumstances) (?:be )?(?:ever )?(?:share|disclose|reveal|tell|mention|give (?:out|away)|leak|expose|repeat|say|show|shared|disclosed|revealed|told|mentioned|leaked)|(?:keep|kept|stay|remain)s? (?:[a-z]{1,16} ){0,4}(?:private|hidden|safe|to yourself)|code ?-?words?|pass ?-?words?|pass ?-?phrases?|pass ?-?codes?|access codes?|secret (?:word|phrase|code|key|number)s?|safe ?-?words?|pin|api keys?|credentials?|vault codes?|launch codes?|door codes?|unlock codes?)\b|保密|机密|秘密|不要透露|不要泄露|不得泄露|不得透露|不能透露|不能泄露|不可透露|不可泄露|切勿透露|切勿泄露|不要告诉|不能告诉|不得告诉|密码|口令|暗号|密钥|暗语|通行码|no reveles|no compartas|contrasena|palabra clave|secreto|confidencial|ne revele|ne divulgue|mot de passe|mot secret|confidentiel|nicht verraten|nicht preisgeben|passwort|kennwort|codewort|losungswort|geheim|vertraulich|не раскрыва|не сообщаи|не говори|никому|парол|кодовое слово|секрет/;

/** What the secret itself stands behind: «the code word is X», «password: X», «暗号是X». */
export const SECRET_NAMED =
  /(?:code ?-?word|pass ?-?word|pass ?-?phrase|pass ?-?code|access code|safe ?-?word|secret(?: [a-z]{2,16}){0,2}|(?:api|access|license|vault|door|unlock|launch|admin|master|override|discount|promo|entry|security|activation) (?:code|key|pin|number)|code|key|pin|token|credential|contrasena|palabra clave|mot de passe|mot secret|passwort|kennwort|codewort|losungswort|пароль|кодовое слово)(?: (?:for|to|of|used|that) [^.:=!?\n]{1,60}?)?\s{0,2}(?:\bis\b|\bare\b|=|:|\bes\b|\best\b|\bist\b|\blautet\b|это| - |>)\s{0,2}(?::\s{0,2})?/g;
export const SECRET_NAMED_HAN =
  /(?:密码|口令|暗号|密钥|暗语|通行码|代码|验证码|秘密)(?:是|为|:|=)\s{0,2}(?::\s{0,2})?/g;

/** A sentence whose object is the prompt itself: what it protects is found as a run of words. */
export const SPEAKS_OF_PROMPT =
  /\b(?:these|your|this|the|any|my|system) (?:[a-z]{3,12} ){0,2}(?:instructions?|prompts?|rules|guidelines|system message|directives?)\b|\b(?:everything|all|anything|the text|the content) (?:of the )?above\b|(?:以上|上述)(?:所有|全部)?内容|(?:提示词|系统提示|指令|设定|规则)/;

/** A sentence that points back: the secret stands in the one before. */
export const POINTS_BACK =
  /\b(?:it|this|that(?! (?:the|you|we|they|it|he|she|i|an?|our|your|this|there|any)\b)|these|those|them|the (?:code|word|code ?word|password|passphrase|key|token|pin|secret|number|name|phrase|information|above))\b|它|此|该|这个|这些/;
/** … or forward. */
export const POINTS_FORWARD = /:\s{0,4}$|\b(?:following|below)\b|以下|如下|:$/;

/** What stands right before a quotation that the model is meant to say, or a name it is meant to use. */
export const MEANT_TO_BE_SAID =
  /(?:\b(?:say|says|saying|reply|replying|respond|responding|answer|answering|write|output|with|as|like|called|named|using|ask|asks|asked|state|phrase|message|title|greet|greeting|sign off|end)\b|回答|回复|说|称|名为|叫)[^"'`]{0,16}$/;

/** Words that follow «is» without being the secret, and capitals that only shout. */
export const NO_SECRET = new Set(
  (
    "a an the not never no only always very strictly required needed necessary stored kept used known given set shared valid invalid correct " +
    "wrong confidential secret private hidden important case for to of in on at by from with that this these those it its their your our my " +
    "his her what who when where why how if is are was were be been must may can cannot should shall will would do does don and or but so " +
    "below above following provided available different unique one two three same please ask asked told true false none null there here " +
    "responsible about as well also just still now then than all any some each every we you they i he she " +
    "important warning note caution attention must never always secret confidential internal private do not only json html http https api url " +
    "faq pdf utc usa asap todo system user assistant instructions instruction rules rule prompt password passphrase codeword code word key token pin " +
    "under circumstances ever tell reveal share disclose mention anyone anybody users customers everyone nobody strict policy security"
  ).split(" "),
);

/** A small word that may follow a secret; anything else means that «is» was the verb of an ordinary sentence. */
export const GOES_ON =
  /^(?:["'`)]?\s*$|["'`)]?\s*[,;.!?(—-]|\s+(?:and|but|or|so|which|however|never|do|you|y|et|und|и)\b)/;
/** «is encrypted», «is loading», «is available»: a state, not a word to keep. */
export const STATE = /(?:ed|ing|able|ible|ly|ent|ant|ive)$/;
