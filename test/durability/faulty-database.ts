// A D1 between whose statements something may happen: each call of it goes through `around`. Law: a batch is one call, as on D1; what
// D1 itself refuses is told, since the check's own faults would hide it.

export interface FaultyDatabaseOptions {
  readonly around: <Value>(work: () => Promise<Value>) => Promise<Value>;
  /** what D1 itself threw */
  readonly refused: (reason: unknown) => void;
}

function boundMethod(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === "function" ? value.bind(target) : value;
}

export function faultyDatabase(binding: D1Database, { around, refused }: FaultyDatabaseOptions): D1Database {
  const inner = new WeakMap<D1PreparedStatement, D1PreparedStatement>();
  const called = async (work: () => Promise<unknown>): Promise<unknown> =>
    await around(async () => {
      try {
        return await work();
      } catch (caught) {
        refused(caught);
        throw caught;
      }
    });
  const statementOf = (statement: D1PreparedStatement): D1PreparedStatement => {
    const faulty = new Proxy(statement, {
      get: (target, name): unknown => {
        if (name === "bind") return (...values: unknown[]) => statementOf(target.bind(...values));
        const method = boundMethod(target, name);
        if (typeof method !== "function") return method;
        return async (...values: unknown[]): Promise<unknown> =>
          await called(async (): Promise<unknown> => {
            const answer: unknown = await Reflect.apply(method, target, values);
            return answer;
          });
      },
    });
    inner.set(faulty, statement);
    return faulty;
  };
  return new Proxy(binding, {
    get: (target, name): unknown => {
      if (name === "prepare") return (query: string) => statementOf(target.prepare(query));
      if (name === "batch") {
        return async (statements: D1PreparedStatement[]) =>
          await called(async () => await target.batch(statements.map((each) => inner.get(each) ?? each)));
      }
      return boundMethod(target, name);
    },
  });
}
