// Port: work that nobody waits for, done beside or after the reply. Law: its failure is logged and touches no request.

export type Background = (work: () => Promise<void>, delayMilliseconds?: number) => void;
