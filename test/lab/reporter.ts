// vitest's own report, and below it what was skipped for want of something, with the reason, and one plain
// last line that people and machines can read: `12 passed, 0 failed, 3 skipped`.

import {
  DefaultReporter,
  type SerializedError,
  type TestModule,
  type TestRunEndReason,
  type TestSuite,
} from 'vitest/node';

export default class Reporter extends DefaultReporter {
  override onTestRunEnd(
    modules: readonly TestModule[],
    unhandledErrors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    super.onTestRunEnd(modules, unhandledErrors, reason);
    for (const module of modules) for (const name of skipped(module)) this.log(` skipped  ${name}`);
    this.log(closingLine(modules, unhandledErrors.length));
  }
}

/** Tests that failed, files that did not load and errors outside of any test all count as failed. */
function closingLine(modules: readonly TestModule[], unhandledErrors: number): string {
  const count = { passed: 0, failed: unhandledErrors, skipped: 0, pending: 0 };
  for (const module of modules) {
    const before = count.failed;
    for (const test of module.children.allTests()) count[test.result().state] += 1;
    if (module.state() === 'failed' && count.failed === before) count.failed += 1;
  }
  const skipped = count.skipped + count.pending;
  return `${count.passed} passed, ${count.failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Each suite or single test that was skipped by its own declaration. */
function* skipped(within: TestModule | TestSuite): Generator<string> {
  for (const child of within.children) {
    if (child.options.mode === 'skip') yield `${child.module.relativeModuleId} > ${child.fullName}`;
    else if (child.type === 'suite') yield* skipped(child);
  }
}
