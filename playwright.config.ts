import { defineConfig } from '@playwright/test'

const alone = ['**/documented-space.spec.ts', '**/faults.spec.ts', '**/policy.spec.ts']
const root = process.getuid?.() === 0

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/setup/global-setup.ts',
  // One stack serves all of them, and two browsers fill a small machine.
  workers: 2,
  fullyParallel: false,
  // A test that passes only on retry is a bug.
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  projects: [
    { name: 'spaceport', testMatch: '**/*.spec.ts', testIgnore: alone },
    // Tests that kill processes, or change settings for everyone, have the stack to themselves. Alone: `npm run
    // test:e2e -- faults --no-deps`.
    { name: 'alone', testMatch: alone, dependencies: ['spaceport'], workers: 1 },
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
