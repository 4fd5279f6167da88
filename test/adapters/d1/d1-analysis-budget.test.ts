// The budget of analyses on real D1, and the fake held to the same contract.
import { env } from "cloudflare:workers";
import { D1AnalysisBudget } from "../../../src/adapters/d1/d1-analysis-budget.ts";
import { openDatabase } from "../../../src/adapters/d1/database.ts";
import { analysisBudgetContract } from "../../contract/analysis-budget.ts";
import { InMemoryAnalysisBudget } from "../../fakes/in-memory-analysis-budget.ts";

analysisBudgetContract("D1", () => new D1AnalysisBudget(openDatabase(env.DB)));
analysisBudgetContract("the in-memory fake", () => new InMemoryAnalysisBudget());
