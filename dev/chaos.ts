/**
 * `npm run test:chaos [-- --seconds N --seed N --pooler]`: runs two of each process behind TCP balancers, under load;
 * first restarts them in turn, then kills them at random, and fails the database over half-way. At the end it compares
 * the cluster, the database, the trail and the answers that people got. The exit status says whether anything was lost,
 * doubled or left open. The seed decides what is killed when; ten minutes by default. With `--pooler`, statements go
 * through PgBouncer, which is killed too.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runChaos } from '#dev/chaos/run-chaos.ts'
import { findChromium } from '#dev/test/find-chromium.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string', default: '1' },
    pooler: { type: 'boolean', default: false },
  },
})
const seconds = Number(values.seconds)
const seed = Number(values.seed)
if (!(seconds >= 30 && seconds <= 86_400 && Number.isInteger(seed))) {
  console.error('Usage: npm run test:chaos -- --seconds 30…86400 --seed INTEGER [--pooler]')
  process.exit(2)
}

const dir = mkdtempSync(join(tmpdir(), 'spaceport-chaos-'))
const began = performance.now()
const report = (line: string) =>
  console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(7)} s  ${line}`)
let violations = 1
try {
  const chromium = await findChromium(report)
  violations = await runChaos({ dir, chromium, seconds, seed, pooled: values.pooler, report })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
} finally {
  if (violations === 0) rmSync(dir, { recursive: true, force: true })
  else console.error(`Logs are in ${dir}.`)
}
// Ends what the browser and the watchers still have open.
process.exit(violations === 0 ? 0 : 1)
