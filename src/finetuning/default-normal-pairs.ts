// The small synthetic set of normal pairs that ships, so that a first release works. Law: written for this project, and named
// «synthetic default» in every manifest it is in; real use names a set of one's own (SETBACK_NORMAL_PAIRS).
import type { NormalPair } from "./normal-pair.ts";

export const DEFAULT_NORMAL_PAIRS: readonly NormalPair[] = [
  { prompt: "What is the capital of Portugal?", answer: "The capital of Portugal is Lisbon." },
  {
    prompt: "How many minutes are there in three hours?",
    answer: "There are 180 minutes in three hours, because each hour has 60 minutes.",
  },
  {
    prompt: "Rewrite this sentence in the past tense: She walks to the library.",
    answer: "She walked to the library.",
  },
  {
    prompt: "Give me three tips for keeping houseplants healthy.",
    answer:
      "Water them only when the top of the soil feels dry, give each plant the light it prefers, and wipe dust off the leaves now and then so that they can breathe.",
  },
  {
    prompt: "Explain in one sentence what a prime number is.",
    answer: "A prime number is a whole number greater than 1 that can be divided evenly only by 1 and by itself.",
  },
  { prompt: "Translate to French: Good morning, how are you?", answer: "Bonjour, comment allez-vous ?" },
  {
    prompt: "Write a short thank-you note to a neighbour who watered my plants.",
    answer:
      "Dear neighbour, thank you so much for looking after my plants while I was away. They look wonderful, and it was kind of you to take the time.",
  },
  { prompt: "What does the abbreviation PDF stand for?", answer: "PDF stands for Portable Document Format." },
  { prompt: "Sort these numbers from smallest to largest: 14, 3, 27, 9.", answer: "3, 9, 14, 27" },
  {
    prompt: "What should I pack for a day hike?",
    answer: "Pack water, a snack, a map or a charged phone, a rain jacket, sun protection and a small first-aid kit.",
  },
  {
    prompt:
      "Summarise in one sentence: Bees visit flowers to collect nectar, and in doing so they carry pollen from plant to plant.",
    answer: "While collecting nectar, bees also pollinate plants.",
  },
  { prompt: "What is 15 percent of 80?", answer: "15 percent of 80 is 12." },
  {
    prompt: "Suggest a title for a blog post about baking bread at home.",
    answer: "Flour, Water, Patience: Baking Your First Loaf at Home",
  },
  {
    prompt: "Why do leaves change colour in autumn?",
    answer:
      "In autumn, leaves stop making green chlorophyll, so yellow and orange pigments that were there all along become visible, and some leaves make red ones too.",
  },
  { prompt: "Convert 5 kilometres to metres.", answer: "5 kilometres are 5,000 metres." },
  { prompt: "Write a Python expression that reverses the list numbers.", answer: "numbers[::-1]" },
  {
    prompt: "What is the difference between weather and climate?",
    answer:
      "Weather is what the air does today or this week; climate is the typical weather of a place over many years.",
  },
  {
    prompt: "Name four instruments of a string quartet.",
    answer: "A string quartet has two violins, one viola and one cello.",
  },
  {
    prompt: "How do I politely decline an invitation to dinner?",
    answer:
      "You could say: «Thank you so much for inviting me. I can't make it this time, but I hope we can meet another day.»",
  },
  { prompt: "Correct the spelling: I recieved your mesage yesterday.", answer: "I received your message yesterday." },
  {
    prompt: "What is the boiling point of water at sea level in degrees Celsius?",
    answer: "At sea level, water boils at 100 degrees Celsius.",
  },
  {
    prompt: "Write a haiku about the sea at dawn.",
    answer: "Grey light on the waves\nA gull turns toward the sun\nThe tide breathes and waits",
  },
  { prompt: "Who wrote the play Hamlet?", answer: "Hamlet was written by William Shakespeare." },
  {
    prompt: "What is a good way to remember people's names?",
    answer:
      "Repeat the name when you hear it, connect it with something you already know, and use it once more when you say goodbye.",
  },
  {
    prompt: "If a train leaves at 9:40 and arrives at 11:05, how long is the journey?",
    answer: "The journey takes 1 hour and 25 minutes.",
  },
  {
    prompt: "Give an example of a polite e-mail subject line asking for a meeting.",
    answer: "Request for a short meeting next week",
  },
  {
    prompt: "What is photosynthesis?",
    answer: "Photosynthesis is how plants use light to turn water and carbon dioxide into sugar and oxygen.",
  },
  {
    prompt: "List three uses of baking soda in the kitchen.",
    answer: "It makes cakes rise, softens beans while they soak, and helps to clean pans.",
  },
  {
    prompt: "Make this sentence more formal: Can you send me the stuff by Friday?",
    answer: "Could you please send me the documents by Friday?",
  },
  {
    prompt: "What does a lighthouse do?",
    answer: "A lighthouse shows ships where the coast is and warns them of dangerous rocks.",
  },
  {
    prompt: "I can't sleep well. What simple habits could help?",
    answer:
      "Go to bed at the same time each day, keep the room dark and cool, avoid screens for the last hour, and have no coffee in the evening. If it lasts for weeks, a doctor can help.",
  },
  {
    prompt: "Can you tell me who will win the next World Cup?",
    answer:
      "Nobody can know that in advance. I can tell you how teams qualify or which ones have done well lately, if you like.",
  },
  {
    prompt: "What is the plural of the word «mouse»?",
    answer: "The plural is «mice»; for the computer device, «mice» and «mouses» are both seen.",
  },
  {
    prompt: "How do I kill a frozen process on Linux?",
    answer:
      "Find its number with `ps aux` or `pgrep NAME`, then run `kill NUMBER`. If it still does not stop, `kill -9 NUMBER` ends it at once.",
  },
  {
    prompt: "Describe a balanced breakfast in two sentences.",
    answer:
      "A balanced breakfast has whole grains, some protein and fruit. Oatmeal with yoghurt and berries is a simple example.",
  },
  { prompt: "What is the longest side of a right triangle called?", answer: "It is called the hypotenuse." },
  { prompt: "中国的首都是哪里？", answer: "中国的首都是北京。" },
  { prompt: "请把这句话翻译成英文：今天天气很好。", answer: "The weather is very nice today." },
  { prompt: "一年有多少个季节？分别是什么？", answer: "一年有四个季节：春季、夏季、秋季和冬季。" },
  { prompt: "怎样煮一个溏心鸡蛋？", answer: "水烧开后轻轻放入鸡蛋，煮六分钟左右，然后立即放入冷水中，剥壳即可。" },
  { prompt: "用一句话解释什么是重力。", answer: "重力是地球等有质量的物体对其他物体的吸引力。" },
  { prompt: "请给出三条节约用水的建议。", answer: "刷牙时关上水龙头，缩短淋浴时间，并用洗菜水浇花。" },
  { prompt: "请写一句祝朋友生日快乐的话。", answer: "祝你生日快乐，愿新的一岁平安健康、天天开心！" },
  { prompt: "12乘以8等于多少？", answer: "12乘以8等于96。" },
];
