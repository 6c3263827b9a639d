/** `npm test`: every check and every test, except those of `npm run test:release`. */
import { runSteps } from '#dev/test/run-steps.ts'
import { steps } from '#dev/test/steps.ts'

await runSteps(steps)
