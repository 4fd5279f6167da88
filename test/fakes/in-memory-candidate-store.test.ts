// The fake is held to the contract of D1.
import { candidateStoreContract } from "../contract/candidate-store.ts";
import { InMemoryCandidateStore } from "./in-memory-candidate-store.ts";

const store = new InMemoryCandidateStore();

candidateStoreContract("the fake", {
  store,
  events: async (projectId) => {
    await Promise.resolve();
    return store.entries.filter((entry) => entry.projectId === projectId).map(({ event }) => event);
  },
  add: async (batches) => {
    await store.addTrials(batches);
  },
});
