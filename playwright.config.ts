import { defineConfig } from '@playwright/test'

/** Tests that kill processes, or change settings for everyone. */
const alone = ['**/policy.spec.ts', '**/faults.release.spec.ts', '**/documented-space.release.spec.ts']
/** The longest tests, which wait for pods: they start first, so that nothing waits for them at the end. */
const waiting = ['workload', 'workloads', 'quota', 'logs-and-shell', 'main-job'].map((name) => `**/${name}.spec.ts`)
/** Slow tests that daily changes rarely break. */
const ofReleases = '**/*.release.spec.ts'
/** Set by `npm run test:release`. */
const beforeRelease = process.env.SPACEPORT_E2E_RELEASE === '1'
const root = process.getuid?.() === 0

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/setup/global-setup.ts',
  // One stack serves all of them. Tests wait often enough for one more than there are cores in CI.
  workers: 3,
  fullyParallel: false,
  // A test that passes only on retry is a bug.
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  projects: [
    { name: 'waiting', testMatch: waiting },
    { name: 'spaceport', testMatch: '**/*.spec.ts', testIgnore: [...alone, ...waiting, ofReleases] },
    ...(beforeRelease ? [{ name: 'release', testMatch: ofReleases, testIgnore: alone }] : []),
    // These need the stack to themselves. By hand: `npm run test:e2e -- policy --no-deps`.
    {
      name: 'alone',
      testMatch: alone,
      testIgnore: beforeRelease ? [] : ofReleases,
      dependencies: ['waiting', 'spaceport', ...(beforeRelease ? ['release'] : [])],
      workers: 1,
    },
  ],
  use: {
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    // Recording a trace takes longer than the test itself. To get one: `npm run test:e2e -- NAME --trace
    // retain-on-failure`.
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.SPACEPORT_CHROMIUM || '/usr/bin/chromium',
      // Otherwise each cleared page (e2e/fixtures/page-pool.ts) gets a new process, which compiles every script again.
      args: ['--process-per-site', ...(root ? ['--no-sandbox'] : [])],
    },
  },
})
