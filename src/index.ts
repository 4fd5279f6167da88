// The Worker's entry points. Law: nothing but wiring.
export default { fetch: (): Response => new Response("setback") };
