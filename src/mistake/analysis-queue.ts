// Port: the queue of mistakes that wait for their guided analysis, and how its messages are read back.
import { z } from "zod";

export interface AnalysisRequest {
  readonly projectId: string;
  readonly mistakeId: string;
}

export const analysisRequestSchema: z.ZodType<AnalysisRequest> = z.object({
  projectId: z.string().min(1),
  mistakeId: z.string().min(1),
});

export interface AnalysisQueue {
  enqueue(requests: readonly AnalysisRequest[]): Promise<void>;
}
