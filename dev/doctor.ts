/**
 * `npm run doctor -- --kubeconfig FILE`: checks an installation from outside and prints a line for each check: ✓ as it
 * should be, ! worth a look, ✗ missing or wrong, with what to do, - not checked. It only reads, reviews and dry-runs;
 * it changes nothing and prints no secret. The exit status is 0 if nothing is ✗ (docs/doctor.md).
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
// Connections of abandoned checks would keep the process alive.
process.exit(bad === 0 ? 0 : 1)
