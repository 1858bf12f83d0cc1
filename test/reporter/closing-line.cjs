const { writeFileSync } = require('node:fs');

/**
 * Ends a run with `tests: N passed, N failed, N skipped`. A test file that could not run counts as one failed test.
 * With TEST_TALLY_FILE set the line goes to that file, so that the caller can print it after everything else.
 */
module.exports = class ClosingLine {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `tests: ${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`;
    if (process.env.TEST_TALLY_FILE) writeFileSync(process.env.TEST_TALLY_FILE, line);
    else console.log(line);
  }
};
