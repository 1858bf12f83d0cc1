interface Counts {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
  numPendingTests: number;
  numTodoTests: number;
}

declare class ClosingLine {
  onRunComplete(contexts: Set<unknown>, results: Counts): void;
}

export = ClosingLine;
