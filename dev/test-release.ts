/**
 * `npm run test:release [-- --long]`: slow tests that daily changes rarely break (CONTRIBUTING.md lists them).
 * `--long` adds other Kubernetes versions, ten minutes of faults and ten of fuzzing.
 */
import { parseArgs } from 'node:util'
import { runSteps } from '#dev/test/run-steps.ts'
import { longSteps, releaseSteps } from '#dev/test/steps.ts'

const { values } = parseArgs({ options: { long: { type: 'boolean', default: false } } })
await runSteps(values.long ? [...releaseSteps, ...longSteps] : releaseSteps)
