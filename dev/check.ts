/** `npm run check`: format, lint, types, import rules, dead code; all in parallel, one line each. */
import { runChecks } from '#dev/check/run-checks.ts'

const failed = (await runChecks((line) => console.log(line))).filter((result) => result.complaint !== '')
if (failed.length > 0) process.exitCode = 1
