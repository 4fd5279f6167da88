// Words that requests for harm have, and many harmless ones too. Law: data with a version; a request with any of them is not
// called clearly benign, which is all that they decide; case and endings do not matter.

export const HARM_CUES_VERSION = "2026-11-23.1";

const STEMS =
  "abduct abus accident acid addict adult agent alcohol alter ammo ammunition amphetamine anarch anonym anorex anthrax antisemit arson assassin assault asylum attack " +
  "automat?ed weapon backdoor bank batter beat behead bias bigot bioweapon blackmail blast bleach bleed blood bodies bomb botnet brib brothel brute bulli bully burglar burn bypass " +
  "cannabis cannibal card cartel catfish cheat chemical chil[dl] chlorine choke cia circumvent clickbait cocaine coerc confess conspir contraband contamin copyright corpse corrupt " +
  "counterfeit covert crack credential crim cripple cruel cult cyanide cyber damag danger dark.?web date rape dead death deceiv decept deepfake defam defraud degrad delet demon denial deny derogat destroy detect detonat " +
  "die discrimin disguis disinform disrupt doctor doping dox drink drown drug drunk dump eat evad evasion exploit explos extort extrem fabricat fak fascis fatal fbi fentanyl fight fire.?arm fired? firewall " +
  "flat.?earth forge forg fraud gambl gang gas gay genocid ghost girl grenade groom gun gullible hack harass harm hate hatred heroin hid hijack hire hit hitler hitman holocaust homicid homophob homosex hostage hot.?wir humiliat hurt " +
  "identity illegal illicit immigrant impersonat incel incest incite incrimin infect infiltrat inferior influenc inject injur insider insult intercept intimat intimidat invad islam isis isolat jail jew jihad joke keylog kidnap kill knife " +
  "ku klux lace launder leak lie libel lock lsd lynch malicious malware mani?pulat marijuana massacre mdma meth methamphetamine militia minor misinform mislead mob molest monitor money murder muslim mutilat naked narcotic nazi necrophil nerve neo nude nuclear obscen offens opioid opium overdose overthrow " +
  "paedo passport password patriot pay pedo penetrat perpetuat persuad phish pickpocket piracy pirat pipe pistol plagiari planned plot poison police polit ponzi porn predator pregnan prejudic prescri president prevent.{0,20}vot propagand prostitut provoc psycho punch purg pyramid " +
  "race racial racis radical radioact ransom rape rapist rebel recruit religio revenge ricin riot rob rootkit ruin sabotag sadis salami sarin scam scare school schem secret sedat seduc self.?harm sell sex shoot shop.?lift shrapnel side.?effect skim slave slur smoke smuggl sneak sniff social security spam spoof spread spy stab stalk starv steal stereotyp stol strangl strip strychnine suicid suppress surveil " +
  "swat swindl taboo tamper tannerite target tax tazer teen terror theft theor thie threat toddler torrent tortur toxic traffic transgend transphob trespass trick troll troop tunnel underage unauthor undetect unethical untrace unlock vaccin vandal vigilant violat violen virus voter? voyeur vulnerab war warhead weapon weed white.?supre whore wipe witch woman women worm wound xenophob xss 9.?11 napalm tnt thermite c4 cp ied ddos sql genom pathogen toxin synthes precursor vx soman tabun novichok mustard phosgene smallpox ebola plague botulin";

const WORDS = STEMS.split(/ (?![^{]*\})/).filter((stem) => stem !== "");

const CHINESE =
  "杀死|杀人|谋杀|炸弹|爆炸|炸药|毒品|毒药|下毒|武器|枪|自杀|自残|自伤|强奸|性侵|色情|裸|卖淫|嫖|赌博|诈骗|骗|偷|盗|抢劫|黑客|入侵|病毒|木马|攻击|伪造|假冒|假证|洗钱|逃税|贿赂|恐怖|歧视|种族|辱骂|侮辱|报复|伤害|虐待|绑架|跟踪|监听|隐私|身份证|密码|破解|绕过|违法|非法|犯罪|走私|谣言|诽谤|颠覆|政府|暴力|血腥|仇恨|同性恋|女人|未成年|儿童|死亡|尸体|造谣|威胁|勒索|敲诈|恶意|作弊|代考|假药|传销|邪教";

/** A word that begins so, in a text in small letters. */
export const HARM_CUES: readonly RegExp[] = [new RegExp(`\\b(?:${WORDS.join("|")})`), new RegExp(CHINESE)];
