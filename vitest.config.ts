import { defineConfig } from 'vitest/config'

const excluded = ['**/node_modules/**', '.next/**', '.spaceport/**', 'lib/kernel/db/generated/**', 'e2e/**']
/** Slow tests that daily changes rarely break: `npm run test:release`. */
const ofReleases = '**/*.release.itest.ts'
const withBackend = {
  globalSetup: 'dev/testing/integration-setup.ts',
  setupFiles: ['dev/testing/each-file.ts', 'dev/testing/integration-file.ts'],
  // Tests often wait for clocks and other processes, so there are more workers than cores (2 in CI).
  maxWorkers: 5,
}

export default defineConfig({
  test: {
    environment: 'node',
    // Node strips types itself: quicker than transforming and mapping every module, and what production runs. Without
    // Vitest's loader there is no vi.mock, which nothing here uses.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    execArgv: ['--import', './dev/testing/node-hooks.mjs'],
    // A test that passes only on retry is a bug.
    retry: 0,
    // The files of a worker share what they import: loading it for each file took longer than most of their tests.
    isolate: false,
    setupFiles: 'dev/testing/each-file.ts',
    // Long, for machines under load: a slow event must not fail a test.
    testTimeout: 180_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 30_000 } },
    // In CI, a failure's message is all there is: “{ status: 1, …(1) }” would not say why.
    chaiConfig: { truncateThreshold: 1_000 },
    // graphile-worker doesn't await what it writes about an ended job; the worker's process tolerates that
    // (lib/worker/main.ts).
    onUnhandledError: ({ stack = '' }) => !/graphile-worker\/dist\/sql\/(complete|fail)Jobs\.js/.test(stack),
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['**/*.test.{ts,tsx}'], exclude: excluded, maxWorkers: 3 },
      },
      {
        extends: true,
        test: { ...withBackend, name: 'integration', include: ['**/*.itest.ts'], exclude: [...excluded, ofReleases] },
      },
      {
        extends: true,
        // Several of them load the machine, and would slow each other down.
        test: { ...withBackend, name: 'release', include: [ofReleases], exclude: excluded, maxWorkers: 3 },
      },
    ],
  },
})
