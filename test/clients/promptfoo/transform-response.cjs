// For promptfoo's HTTP provider: Setback's reply as an output and as what its `guardrails` assertion reads.
module.exports = (json) => {
  if (json.error !== undefined) {
    const flaggedInput = json.error.code === "content_filter";
    if (!flaggedInput) throw new Error(json.error.message);
    return { output: json.error.message, guardrails: { flagged: true, flaggedInput, flaggedOutput: false } };
  }
  const [choice] = json.choices;
  const flaggedOutput = choice.finish_reason === "content_filter";
  const guardrails = { flagged: flaggedOutput, flaggedInput: false, flaggedOutput };
  return { output: choice.message.content || "(blocked)", guardrails };
};
