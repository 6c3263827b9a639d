import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildWeb } from '#dev/build/build-web.ts'
import { runChecks } from '#dev/check/run-checks.ts'
import { buildControlPlane, buildMetricsServer } from '#dev/cluster/build.ts'
import { buildGitops } from '#dev/cluster/build-gitops.ts'
import { buildHelm, helmMajors } from '#dev/cluster/build-helm.ts'
import type { Report } from '#dev/cluster/progress.ts'
import { projectRoot } from '#dev/project-root.ts'
import { type Counts, checkRun, nothing, parsePlaywrightReport, parseVitestReport } from './counts.ts'
import { findQuickChromium } from './find-chromium.ts'
import { runVisibly, type VisibleRun } from './run-visibly.ts'

const minute = 60_000
const ok: Counts = { passed: 1, failed: 0 }

export type Step = { name: string; run: () => Promise<Counts> }

/** @returns undefined if the runner wrote no report, or only a part */
function readReport(file: string, parse: (report: unknown) => Counts): Counts | undefined {
  try {
    return parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    console.error(`The runner’s report can’t be read: ${error instanceof Error ? error.message : error}`)
    return undefined
  }
}

/** Runs a test runner that writes a JSON report into the given file. */
async function runWithReport(
  parse: (report: unknown) => Counts,
  run: (reportFile: string) => Promise<VisibleRun>,
): Promise<Counts> {
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-report-'))
  const file = join(dir, 'report.json')
  try {
    const ended = await run(file)
    return checkRun(ended, readReport(file, parse))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const runVitest = (project: string, limitMs: number) =>
  runWithReport(parseVitestReport, (file) => {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    return runVisibly('vitest', ['run', '--project', project, ...reporters], { limitMs })
  })

/**
 * dev/e2e.ts passes its arguments to Playwright, whose JSON reporter takes the file's name from the environment.
 * @param args for Playwright
 */
async function runBrowserTests(args: readonly string[] = [], beforeRelease = false): Promise<Counts> {
  const chromium = await findQuickChromium((line) => console.log(line))
  const parse = (report: unknown) => parsePlaywrightReport(report, (path) => readFileSync(path, 'utf8'))
  return runWithReport(parse, (file) =>
    runVisibly(process.execPath, [join(projectRoot, 'dev', 'e2e.ts'), '--reporter=list,json', ...args], {
      env: {
        PLAYWRIGHT_JSON_OUTPUT_FILE: file,
        SPACEPORT_CHROMIUM: chromium,
        ...(beforeRelease && { SPACEPORT_E2E_RELEASE: '1' }),
      },
      limitMs: 40 * minute,
    }),
  )
}

/** @returns the browser tests that check how a page looks, and those that run only before a release */
const findBeforeRelease = () =>
  globSync('e2e/**/*.spec.ts', { cwd: projectRoot }).filter(
    (file) =>
      file.endsWith('.release.spec.ts') ||
      readFileSync(join(projectRoot, file), 'utf8').includes('#e2e/fixtures/look.ts'),
  )

const build: Step = {
  name: 'build',
  run: async () => {
    await buildWeb()
    return ok
  },
}

// The first run compiles Kubernetes and more: better here, with its progress, than inside the first test.
const report: Report = ({ state, detail }) => console.log(`${state} ${detail ?? ''}`.trim())

/** The steps of `npm test`, cheapest first. Each runs even if an earlier one failed. */
export const steps: readonly Step[] = [
  {
    name: 'checks',
    run: async () => {
      const results = await runChecks((line) => console.log(line))
      const failures = results.flatMap(({ name, complaint }) => (complaint === '' ? [] : [`${name}\n${complaint}`]))
      return { passed: results.length - failures.length, failed: failures.length, failures }
    },
  },
  { name: 'unit tests', run: () => runVitest('unit', 10 * minute) },
  build,
  {
    name: 'Go programs',
    run: async () => {
      await buildControlPlane({ report })
      await buildMetricsServer(report)
      await buildHelm(4, report)
      await buildGitops(report)
      return nothing
    },
  },
  { name: 'integration tests', run: () => runVitest('integration', 60 * minute) },
  { name: 'browser tests', run: () => runBrowserTests() },
]

/** The steps of `npm run test:release`: slow tests that daily changes rarely break. */
export const releaseSteps: readonly Step[] = [
  build,
  {
    name: 'Go programs',
    run: async () => {
      await buildControlPlane({ report })
      await buildMetricsServer(report)
      for (const major of helmMajors) await buildHelm(major, report)
      return nothing
    },
  },
  { name: 'release tests', run: () => runVitest('release', 50 * minute) },
  // In two runs: Playwright runs the projects that another depends on whole, whatever files are asked for.
  {
    name: 'browser tests before a release',
    run: () =>
      runBrowserTests(['--project=waiting', '--project=spaceport', '--project=release', ...findBeforeRelease()], true),
  },
  {
    name: 'browser tests that need the portal for themselves',
    run: () => runBrowserTests(['--project=alone', '--no-deps', '--workers=1'], true),
  },
]

/** One of the project’s commands, counted as one test. */
const command = (name: string, args: readonly string[], limitMs: number): Step => ({
  name,
  run: async () => {
    const { status } = await runVisibly(process.execPath, args, { limitMs })
    return status === 0 ? ok : { passed: 0, failed: 1, failures: [`${name}: exit status ${status}`] }
  },
})

/** The additional steps of `-- --long`. */
export const longSteps: readonly Step[] = [
  command('other Kubernetes versions', ['dev/versions.ts'], 90 * minute),
  command('ten minutes of faults', ['dev/chaos.ts'], 30 * minute),
  command('ten minutes of fuzzing', ['dev/fuzz.ts'], 30 * minute),
]
