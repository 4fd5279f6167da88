// Harmless exchanges that look harmful by their words («kill a process»), so that the classifier learns that words alone prove
// nothing. Law: written for this project, true and mild; no sentence of a measuring set is here.

interface LookAlike {
  readonly prompt: string;
  readonly answer: string;
}

export const LOOK_ALIKES: readonly LookAlike[] = [
  {
    prompt: "How do I kill a process in Linux?",
    answer:
      "Find its number with `pgrep NAME`, then run `kill PID`. If it does not stop, `kill -9 PID` ends it at once, and `pkill NAME` does both in one step.",
  },
  {
    prompt: "My terminal hangs. How can I terminate the program?",
    answer:
      "Press Ctrl-C. If nothing happens, open another terminal, find the process with `ps aux` and end it with `kill`.",
  },
  {
    prompt: "How do I force quit an application on a Mac?",
    answer: "Press Command, Option and Escape together, choose the application and click Force Quit.",
  },
  {
    prompt: "What does it mean to kill a child process?",
    answer:
      "The parent sends a signal such as SIGTERM, and the child ends. A parent should wait for its children so that no zombie process is left.",
  },
  {
    prompt: "How do I execute a shell script?",
    answer: "Make it executable with `chmod +x script.sh` and run `./script.sh`.",
  },
  {
    prompt: "How can I shoot better photos at night?",
    answer:
      "Use a tripod, a low ISO and a long exposure, and let the self-timer release the shutter so that the camera does not shake.",
  },
  {
    prompt: "What is the best way to shoot a basketball?",
    answer: "Keep your elbow under the ball, bend your knees, and follow through with a relaxed wrist.",
  },
  {
    prompt: "How do I get rid of ants in my kitchen?",
    answer:
      "Clean up crumbs, seal the cracks where they come in, and put out bait stations. They carry the bait home, and the colony is gone in a week or two.",
  },
  {
    prompt: "How do I kill weeds between paving stones?",
    answer:
      "Pour boiling water over them or pull them out with a joint scraper after rain. New sand in the joints keeps them away.",
  },
  {
    prompt: "How do you kill the yeast in dough too early?",
    answer: "Water above 50 degrees Celsius kills yeast. Keep it lukewarm, about 35 degrees, and the dough will rise.",
  },
  {
    prompt: "How do I beat egg whites until they are stiff?",
    answer: "Use a clean bowl without any grease, start slowly, add a pinch of salt, and beat until peaks stand up.",
  },
  {
    prompt: "How do I cut an onion without crying?",
    answer: "Cool the onion first, use a sharp knife, and leave the root end whole until the last cut.",
  },
  {
    prompt: "What is a brute-force search?",
    answer:
      "It tries every possible solution in turn. It is simple and always finds the answer, but its time grows quickly with the size of the problem.",
  },
  {
    prompt: "How can I protect my website against SQL injection?",
    answer:
      "Use prepared statements with bound parameters, validate input, and give the database user only the rights it needs.",
  },
  {
    prompt: "What is a denial-of-service attack, and how do I defend against it?",
    answer:
      "It floods a server with requests until real users get no answer. A content delivery network, rate limits and caching help against it.",
  },
  {
    prompt: "How do password managers keep hackers out?",
    answer:
      "They encrypt your passwords with a key made from one strong master password, so that a stolen file is useless without it.",
  },
  {
    prompt: "My account was hacked. What should I do?",
    answer:
      "Change the password from a clean device, sign out everywhere, switch on two-factor authentication, and check the recovery address.",
  },
  {
    prompt: "How do I attack the king in chess?",
    answer: "Open lines towards it, bring more pieces than the defender has, and look for checks and captures first.",
  },
  {
    prompt: "Explain the Trojan War in two sentences.",
    answer:
      "In the legend, the Greeks besieged Troy for ten years because of Helen. They won when soldiers hidden in a wooden horse opened the gates at night.",
  },
  {
    prompt: "Why did the Roman Empire fall?",
    answer:
      "Historians name several causes together: civil wars, a weak economy, plagues, and pressure of peoples at its borders.",
  },
  {
    prompt: "Who killed Abraham Lincoln?",
    answer: "John Wilkes Booth, an actor, shot him at Ford's Theatre in Washington on 14 April 1865.",
  },
  {
    prompt: "What was the atomic bomb project called?",
    answer: "It was called the Manhattan Project. It was led by the United States from 1942 to 1946.",
  },
  {
    prompt: "What should I do if someone is bleeding heavily?",
    answer:
      "Call the emergency number, press firmly on the wound with a clean cloth, raise the limb if you can, and keep pressing until help comes.",
  },
  {
    prompt: "How do I treat a burn from a hot pan?",
    answer:
      "Cool it under running water for twenty minutes, cover it loosely, and see a doctor if it blisters over a large area.",
  },
  {
    prompt: "Which medicines should not be mixed with alcohol?",
    answer:
      "Sleeping pills, strong painkillers, many antibiotics and antidepressants. Read the leaflet and ask a pharmacist.",
  },
  {
    prompt: "How much paracetamol is safe for an adult?",
    answer:
      "The leaflet usually says at most 4 grams in 24 hours, with at least four hours between doses. Ask a pharmacist if you take other medicines.",
  },
  {
    prompt: "My friend talks about wanting to die. How can I help?",
    answer:
      "Take it seriously, listen without judging, ask openly whether they think of suicide, stay with them, and help them reach a crisis line or a doctor today.",
  },
  {
    prompt: "What are the signs of drug addiction?",
    answer:
      "Needing more for the same effect, failing to stop, neglecting work or friends, and feeling ill without it. A counselling centre can help.",
  },
  {
    prompt: "How do vaccines fight a virus?",
    answer:
      "They show the immune system a harmless part of the virus, so that it has antibodies ready when the real one comes.",
  },
  {
    prompt: "How do I explain death to my child?",
    answer:
      "Use simple, honest words, say that the body has stopped working, let them ask, and tell them that being sad is all right.",
  },
  {
    prompt: "What is the difference between murder and manslaughter?",
    answer:
      "Murder is killing with intent. Manslaughter is killing without that intent, for example by carelessness or in the heat of the moment.",
  },
  {
    prompt: "What are my rights if the police stop me?",
    answer:
      "It depends on the country, but usually you may ask why, you may stay silent beyond your name, and you may ask for a lawyer.",
  },
  {
    prompt: "How does a bank detect money laundering?",
    answer:
      "It looks for unusual transfers, many small cash deposits and accounts without a clear purpose, and reports them to the authority.",
  },
  {
    prompt: "How can I tell that an e-mail is phishing?",
    answer:
      "Look at the sender's real address, at links that lead elsewhere, at pressure to act at once, and never type a password from a link.",
  },
  {
    prompt: "Write a scene in which a detective finds the murder weapon.",
    answer:
      "Inspector Vale lifted the loose floorboard. Wrapped in a yellow scarf lay the candlestick, just where nobody had thought to look.",
  },
  {
    prompt: "Write a villain's line for a children's play.",
    answer: "«Ha! By midnight every clock in this town will run backwards, and nobody will ever be late again!»",
  },
  {
    prompt: "How do I blow up a balloon without getting dizzy?",
    answer: "Stretch it first, breathe calmly between puffs, or use a small hand pump.",
  },
  {
    prompt: "How do I blow up a photo for a poster?",
    answer: "Start from the largest original, scale it with a good upscaler, and print at 150 dots per inch or more.",
  },
  {
    prompt: "What is a killer feature?",
    answer: "It is one feature so useful that people choose the product because of it.",
  },
  {
    prompt: "How do I crack an egg with one hand?",
    answer: "Tap it on a flat surface, put your thumb into the crack, and open the shell with your other fingers.",
  },
  {
    prompt: "How do I hack together a quick prototype?",
    answer:
      "Choose the one thing it has to show, use tools you already know, fake the rest, and throw it away afterwards.",
  },
  {
    prompt: "What drugs treat high blood pressure?",
    answer:
      "Common groups are ACE inhibitors, calcium-channel blockers and diuretics. A doctor decides which one fits you.",
  },
  {
    prompt: "How do I steal the show at a wedding speech?",
    answer: "Tell one short, true story, look at the couple, and stop while people still smile.",
  },
  {
    prompt: "How do I get away with wearing white after Labour Day?",
    answer: "Nobody minds any more. Pair it with wool and darker colours, and it looks right for the season.",
  },
  {
    prompt: "How do I hide a surprise party from my partner?",
    answer:
      "Keep the plan with as few people as you can, use another calendar, and have an everyday reason for leaving the house.",
  },
  {
    prompt: "How do I stop my cat from scratching the sofa?",
    answer: "Put a scratching post beside it, cover the corner for a while, and reward the cat when it uses the post.",
  },
  {
    prompt: "What is a dead man's switch on a train?",
    answer: "It is a pedal or handle that the driver must keep holding. If it is let go, the brakes stop the train.",
  },
  {
    prompt: "How do bombs differ from fireworks in a museum exhibit text?",
    answer:
      "The text could say that fireworks burn slowly to make light and colour, while a bomb releases its energy all at once.",
  },
  {
    prompt: "Can you explain the phrase «to bite the bullet»?",
    answer: "It means to do something unpleasant that can no longer be put off.",
  },
  { prompt: "What does «break a leg» mean?", answer: "It wishes an actor good luck before a performance." },
  {
    prompt: "怎样在Linux里杀死一个进程？",
    answer: "先用 `ps aux` 找到进程号，然后运行 `kill 进程号`；如果没有反应，再用 `kill -9`。",
  },
  { prompt: "如何防止网站被黑客攻击？", answer: "及时更新软件，使用参数化查询，启用双重验证，并定期备份。" },
  { prompt: "怎样杀死花盆里的小虫？", answer: "可以用稀释的肥皂水擦拭叶子，或者使用黄色粘虫板，并且少浇一点水。" },
  { prompt: "鲁迅在《药》里写了什么？", answer: "小说写了一个用人血馒头治病的故事，批评了当时人们的麻木。" },
  { prompt: "手被刀割伤了怎么办？", answer: "先用清水冲洗，再用干净的纱布压住止血；伤口很深就去医院。" },
  { prompt: "朋友说活着没意思，我该怎么帮他？", answer: "认真听他说，不要指责，陪着他，并帮助他联系心理热线或医生。" },
  { prompt: "射击运动比赛有哪些项目？", answer: "奥运会有步枪、手枪和飞碟等项目，按精度或命中数计分。" },
  { prompt: "怎样辨别诈骗短信？", answer: "看清发件号码，不点陌生链接，不提供验证码，有疑问就打官方电话核实。" },
  { prompt: "象棋里怎样进攻对方的老将？", answer: "先控制中路和要道，再集中车马炮配合，逼对方应将。" },
  { prompt: "二战是哪一年结束的？", answer: "第二次世界大战于一九四五年结束。" },
  { prompt: "什么药不能和酒一起吃？", answer: "头孢类抗生素、安眠药和一些止痛药都不能和酒同服，请看说明书或问药师。" },
  { prompt: "“杀手级应用”是什么意思？", answer: "指非常受欢迎、能让人为了它而选择某个平台的应用。" },
];
