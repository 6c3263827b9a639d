import { defineConfig } from '@playwright/test'

const alone = ['**/faults.spec.ts', '**/policy.spec.ts']
/** Tests that mostly wait for clocks: they start first, so that nothing waits for them at the end. */
const waiting = ['**/usage.spec.ts', '**/break-glass.spec.ts']
/** Slow tests of what changes elsewhere seldom break. */
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
    // Tests that kill processes, or change settings for everyone, have the stack to themselves. Alone: `npm run
    // test:e2e -- faults --no-deps`.
    { name: 'alone', testMatch: alone, dependencies: ['waiting', 'spaceport'], workers: 1 },
    ...(beforeRelease ? [{ name: 'release', testMatch: ofReleases, dependencies: ['alone'], workers: 1 }] : []),
  ],
  use: {
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    // Recording a trace takes longer than the test itself. To get one: `npm run test:e2e -- NAME --trace
    // retain-on-failure`.
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.SPACEPORT_CHROMIUM || '/usr/bin/chromium',
      args: root ? ['--no-sandbox'] : [],
    },
  },
})
