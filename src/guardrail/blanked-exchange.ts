// An exchange with some of its places blanked. Law: every text keeps its length, so that spans in it are spans in the original.
import type { Exchange, ExchangeText } from "./exchange.ts";
import type { Span } from "./verdict.ts";

/** Ends a sentence, so that the words before and behind it do not become a phrase. */
const BLANK = ".";

export function blanked(exchange: Exchange, spans: readonly Span[]): Exchange {
  const blank = (text: ExchangeText): ExchangeText => {
    const own = spans.filter(({ location }) => location === text.location);
    const said = own.reduce(
      (left, { start, end }) => left.slice(0, start) + BLANK.repeat(left.slice(start, end).length) + left.slice(end),
      text.text,
    );
    return own.length === 0 ? text : { ...text, text: said };
  };
  return { ...exchange, conversation: exchange.conversation.map(blank), answer: exchange.answer.map(blank) };
}
