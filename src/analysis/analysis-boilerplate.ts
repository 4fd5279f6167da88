// What any analysis may say of any answer, as data: words that point at no exchange, and openings that are no analysis.
// Law: linear expressions; a word stands here only if it tells nothing of what the answer was about.

/** Openings and phrases of a model that speaks of itself. */
export const BOILERPLATE_PHRASES: readonly RegExp[] = [
  /\bas an? (?:ai|artificial intelligence|language model)\b/i,
  /\bi(?: am|'m) (?:just |only )?an? (?:ai|language model)\b/i,
  /\b(?:is there anything else|how can i (?:help|assist)|let me know if)\b/i,
  /作为(?:一个|一名)?(?:ai|人工智能|语言模型)/i,
  /(?:还有什么|有什么可以).{0,6}帮/,
];

export const GENERIC_WORDS = `
  about above after again also although always another answer answers around because been before being below best
  better between both cannot clear clearly context could does doing done each either else even every example explain
  explanation fact first following from general give given gives good great have having here however ignore important
  include includes instead into itself just kind lack lacks least less like likely look made make makes making many maybe
  mean means might mistake more most much must need needed needs never nothing only other otherwise ought over overall
  part people perhaps person possible possibly potentially problem problematic properly provide provided provides query
  question questions quite rather really reason reasons reply request respond response responses result right said same
  says second seem seems sentence several shall should simply since some someone something still such sure text than that
  their them then there therefore these they thing things this those though through thus together told truly under unless
  until upon used user users using very want wants well were what when where whether which while whole will with within
  without would write wrong your yours
  acceptable accurate appropriate awful biased careless dangerous disrespectful ethical false harm harmful hateful helpful
  immoral improper inaccurate inappropriate incorrect insensitive insulting irresponsible misleading moral offend offends
  offensive poor promote promotes refuse refused refusing rude safe safety toxic unacceptable unethical unhelpful unsafe
  untrue useful violates
`;

export const GENERIC_HAN = `
  这个回答不好因为它可能有害不道德冒犯他人不正确。该回答是不合适的，不恰当，有问题，存在问题，不应该这样回答，应当，需要，可以，没有，
  不能，并且，而且，但是，所以，因此，如果，用户的指令，用户提出的问题，这种回答，这样的回答，提供了，给出了，内容，信息，错误，误导，
  危险，不安全，不准确，不负责任，不尊重，应该给出更好的回答，对他人造成伤害，造成危害，符合道德，违反，首先，其次，最后，总之
`;
