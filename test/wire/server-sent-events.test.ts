// Events as any reader of the standard takes them apart.
import { createParser } from "eventsource-parser";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { DONE, serverSentEvent } from "../../src/wire/server-sent-events.ts";

it("is read back by a standard parser, whatever the text", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ text: fc.string({ unit: "grapheme" }) })), (bodies) => {
      const read: string[] = [];
      const parser = createParser({
        onEvent: ({ data }) => {
          read.push(data);
        },
      });
      parser.feed([...bodies.map(serverSentEvent), serverSentEvent(DONE)].join(""));
      expect(read).toEqual([...bodies.map((body) => JSON.stringify(body)), "[DONE]"]);
    }),
  );
});
