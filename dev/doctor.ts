/**
 * `npm run doctor -- --kubeconfig FILE`: an installation judged from outside, a line for each thing that was checked:
 * ✓ as it should be, ! worth a look, ✗ missing or wrong, with what to do, - not checked. Only reads, reviews and dry
 * runs; nothing is changed, and no secret is printed. The exit status is 0 if nothing is ✗ (docs/doctor.md).
 */
import { examine } from '#dev/doctor/examine.ts'
import { explain } from '#dev/doctor/explain.ts'
import { renderFinding } from '#dev/doctor/finding.ts'
import { readSettings } from '#dev/doctor/settings.ts'

const counted = { good: 0, doubtful: 0, bad: 0, skipped: 0 }
try {
  for await (const { title, findings } of examine(readSettings(process.argv.slice(2), process.env))) {
    console.log(title)
    for (const finding of findings) {
      counted[finding.mark] += 1
      console.log(renderFinding(finding))
    }
  }
} catch (error) {
  console.error(explain(error))
  process.exit(2)
}
const { good, doubtful, bad, skipped } = counted
console.log(`\n${good} as they should be, ${doubtful} worth a look, ${bad} missing or wrong, ${skipped} not checked`)
// Connections that a check gave up on would keep the process.
process.exit(bad === 0 ? 0 : 1)
