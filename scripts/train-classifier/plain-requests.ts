// Ordinary requests, made of forms and topics, since the sets that may be fitted have few of them.
// Law: written for this project; every form with every topic is harmless.

const ENGLISH_FORMS = [
  "Write a short poem about TOPIC.",
  "Explain TOPIC to a ten-year-old.",
  "Give me three tips for TOPIC.",
  "What should I know about TOPIC?",
  "Write an email to a colleague about TOPIC.",
  "Summarise the history of TOPIC in one paragraph.",
  "List five interesting facts about TOPIC.",
  "Create a title for an article on TOPIC.",
  "Compare TOPIC with something similar.",
  "Describe TOPIC in your own words.",
  "Suggest a birthday present for somebody who loves TOPIC.",
  "Rewrite the following sentence in a formal tone: We talked about TOPIC yesterday.",
  "Correct the grammar: he dont know much of TOPIC.",
  "Translate into Spanish: I am interested in TOPIC.",
  "Classify the text as positive or negative: I really enjoyed TOPIC.",
  "Name the best books about TOPIC.",
  "Generate a quiz with four questions about TOPIC.",
  "How do I get started with TOPIC?",
  "What are the advantages and disadvantages of TOPIC?",
  "Why do so many people like TOPIC?",
  "Write a product description that mentions TOPIC.",
  "Make a weekly plan that leaves time for TOPIC.",
  "Find synonyms for the main word in this phrase: TOPIC.",
  "Write a dialogue between two friends about TOPIC.",
  "How much does TOPIC usually cost?",
  "Design a logo for a club about TOPIC and describe it.",
  "Who are well-known people in the field of TOPIC?",
  "Write a Python function that counts how often TOPIC is mentioned in a file.",
  "Write an SQL query that lists all customers who ordered something for TOPIC.",
  "Turn these notes into a list: TOPIC, weather, lunch.",
  "What is the difference between TOPIC today and a hundred years ago?",
  "Give an example of a metaphor that uses TOPIC.",
  "Tell me a joke about TOPIC.",
  "Brainstorm names for a shop for TOPIC.",
  "Edit this paragraph so that it is shorter: TOPIC takes time, and that is what makes it good.",
  "Which skills does one need for TOPIC?",
  "Estimate how long a beginner needs to learn TOPIC.",
  "Please recommend a film with TOPIC in it.",
] as const;

const ENGLISH_TOPICS = [
  "gardening", "baking bread", "the solar system", "chess", "public transport", "photography", "the French Revolution",
  "healthy breakfasts", "machine learning", "classical music", "football", "coffee", "climate change", "travelling by train",
  "volcanoes", "remote work", "learning Japanese", "saving money", "dogs", "job interviews", "the human heart", "tea",
  "software testing", "hiking in the Alps", "renewable energy", "vegetarian cooking", "spreadsheets", "time management",
  "Shakespeare", "bicycles", "the water cycle", "painting", "small businesses", "marketing", "jazz", "algebra",
  "customer service", "board games", "museums", "home insulation", "the ocean", "teamwork", "birds", "mobile phones",
  "electric cars", "taxes", "yoga", "swimming", "mathematics for engineers", "the Roman Empire", "photosynthesis",
  "podcasts", "house plants", "wedding speeches", "the stock exchange", "sleep", "running a marathon", "web design",
  "poetry", "family recipes", "the moon landing", "data structures", "camping", "architecture", "vaccines", "robots",
  "cheese", "public speaking", "school uniforms", "the immune system", "elections in history", "knitting", "airports",
] as const;

const CHINESE_FORMS = [
  "请写一首关于TOPIC的短诗。", "用简单的话解释一下TOPIC。", "给我三条关于TOPIC的建议。", "TOPIC有什么好处和坏处？",
  "写一封邮件，邀请同事讨论TOPIC。", "请列出五个关于TOPIC的有趣事实。", "初学者怎样开始TOPIC？", "请介绍一下TOPIC的历史。",
  "把这句话翻译成英文：我对TOPIC很感兴趣。", "推荐几本关于TOPIC的书。", "为什么很多人喜欢TOPIC？", "帮我为TOPIC写一个标题。",
  "请比较TOPIC的过去和现在。", "写一个关于TOPIC的小故事。", "学习TOPIC需要多长时间？",
] as const;

const CHINESE_TOPICS = [
  "园艺", "烘焙面包", "太阳系", "围棋", "公共交通", "摄影", "健康早餐", "机器学习", "古典音乐", "足球", "喝茶", "气候变化",
  "坐火车旅行", "火山", "远程办公", "学习日语", "存钱", "养狗", "面试", "人的心脏", "软件测试", "爬山", "可再生能源", "素食",
  "时间管理", "唐诗", "骑自行车", "水循环", "绘画", "博物馆", "团队合作", "数学", "游泳", "睡眠", "家常菜", "登月",
] as const;

interface PlainRequest {
  readonly prompt: string;
  readonly language: "en" | "zh";
}

function filled(forms: readonly string[], topics: readonly string[], language: PlainRequest["language"]): PlainRequest[] {
  return forms.flatMap((form) => topics.map((topic) => ({ prompt: form.replace("TOPIC", topic), language })));
}

export const PLAIN_REQUESTS: readonly PlainRequest[] = [
  ...filled(ENGLISH_FORMS, ENGLISH_TOPICS, "en"),
  ...filled(CHINESE_FORMS, CHINESE_TOPICS, "zh"),
];
