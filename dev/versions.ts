/**
 * `npm run test:versions [-- --minors 1.34,1.37]`: builds the control plane of each supported Kubernetes minor from its
 * module, and runs against it the tests of the fences, of the broker on the cluster and of the gateway, then the main
 * job with kubectl of that minor and its neighbours. The exit status says whether all passed.
 */
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildWeb } from '#dev/build/build-web.ts'
import { buildMinor, type Minor, type MinorBinaries, testedMinors } from '#dev/cluster/build-minor.ts'
import { projectRoot } from '#dev/project-root.ts'
import { runVisibly, type VisibleRun } from '#dev/test/run-visibly.ts'

const { values } = parseArgs({ options: { minors: { type: 'string', default: testedMinors.join(',') } } })
const wanted = values.minors.split(',')
const minors = testedMinors.filter((minor) => wanted.includes(minor))
if (minors.length !== wanted.length) {
  console.error(`Usage: npm run test:versions -- --minors ${testedMinors.join(',')}`)
  process.exit(2)
}

/** What calls the API server; deploy/helm is left out, because it tests Helm. */
const tests = [
  ...globSync('deploy/*.itest.ts', { cwd: projectRoot }),
  ...['deploy/stolen/', 'lib/kube/', 'lib/gateway/', 'lib/kernel/reconcile/', 'lib/features/spaces/'],
]
const minute = 60_000

const into = mkdtempSync(join(tmpdir(), 'spaceport-versions-'))
const summary: string[] = []
let failed = 0
try {
  await buildWeb()
  const built = new Map<Minor, MinorBinaries>()
  for (const minor of testedMinors.filter((one) => minors.some((other) => distance(one, other) <= 1))) {
    console.log(`Kubernetes ${minor} is being built, unless it was before`)
    let said = ''
    const report = ({ part, detail = '' }: { part: string; detail?: string | undefined }) => {
      // Hundreds of packages: every fiftieth is enough.
      const count = Number(/(\d+) of/.exec(detail)?.[1] ?? 0)
      if (detail === said || count % 50 !== 0) return
      said = detail
      console.log(`  ${part} ${detail}`)
    }
    built.set(minor, await buildMinor(minor, { into, report }))
  }
  for (const minor of minors) {
    const { dir } = built.get(minor) as MinorBinaries
    const kubectls = [...built.values()].filter((other) => distance(minor, other.minor) <= 1)
    const env = {
      SPACEPORT_CONTROL_PLANE_BIN: dir,
      SPACEPORT_SMOKE_KUBECTL: kubectls.map(({ kubectl }) => kubectl).join(delimiter),
    }
    console.log(`\n── Kubernetes ${minor}`)
    const ofTests = ['run', '--project', 'integration', '--project', 'release', ...tests]
    await step(`Kubernetes ${minor}: tests`, () => runVisibly('vitest', ofTests, { env, limitMs: 20 * minute }))
    await step(`Kubernetes ${minor}: main job with kubectl ${kubectls.map((one) => one.minor).join(', ')}`, () =>
      runVisibly(process.execPath, [join(projectRoot, 'dev', 'smoke.ts')], { env, limitMs: 10 * minute }),
    )
  }
} catch (error) {
  failed += 1
  console.error(error instanceof Error ? error.message : error)
} finally {
  rmSync(into, { recursive: true, force: true })
}
console.log(`\n${summary.join('\n')}`)
process.exitCode = failed === 0 ? 0 : 1

async function step(name: string, run: () => Promise<VisibleRun>): Promise<void> {
  const begun = performance.now()
  const { status } = await run()
  if (status !== 0) failed += 1
  summary.push(`${status === 0 ? '✓' : '✗'} ${name} (${((performance.now() - begun) / 1000).toFixed(0)} s)`)
}

function distance(a: Minor, b: Minor): number {
  const of = (minor: Minor) => Number(minor.split('.')[1])
  return Math.abs(of(a) - of(b))
}
