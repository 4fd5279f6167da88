// A number in a query. Law: what is left empty is refused, where `Number` takes it for 0.
import { z } from "zod";

/** @param number with its bounds, which may be `z.coerce.number()` alone */
export function queryNumber<Schema extends z.ZodType>(number: Schema): z.ZodPreprocess<Schema> {
  return z.preprocess((text, context) => {
    if (typeof text !== "string" || text.trim() !== "") return text;
    context.addIssue({ code: "custom", message: "is empty: give a number, or leave it out" });
    return z.NEVER;
  }, number);
}
