// Port: the queue of mistakes that wait for their guided analysis.

export interface AnalysisRequest {
  readonly projectId: string;
  readonly mistakeId: string;
}

export interface AnalysisQueue {
  enqueue(requests: readonly AnalysisRequest[]): Promise<void>;
}
