import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const excluded = ['**/node_modules/**', '.next/**', '.spaceport/**', 'lib/kernel/db/generated/**', 'e2e/**']
/** Slow tests of what changes elsewhere seldom break: `npm run test:release`. */
const ofReleases = '**/*.release.itest.ts'
const withBackend = {
  globalSetup: 'dev/testing/integration-setup.ts',
  setupFiles: ['dev/testing/each-file.ts', 'dev/testing/integration-file.ts'],
  // Tests wait for clocks and other processes as often as for a processor: one worker more than there are cores in CI.
  maxWorkers: 3,
}

export default defineConfig({
  resolve: {
    alias: {
      // It throws unless the bundler is Next's; tests may import server-only code.
      'server-only': fileURLToPath(new URL('./node_modules/server-only/empty.js', import.meta.url)),
    },
  },
  test: {
    environment: 'node',
    // A test that passes only on retry is a bug.
    retry: 0,
    // The files of a worker share what they import: loading it for each file took longer than most of their tests.
    isolate: false,
    setupFiles: 'dev/testing/each-file.ts',
    // Long, for machines under load: a slow event must not fail a test.
    testTimeout: 180_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    // In CI, a failure's message is all there is: “{ status: 1, …(1) }” would not say why.
    chaiConfig: { truncateThreshold: 1_000 },
    // graphile-worker doesn't await what it writes about an ended job; the worker's process tolerates that
    // (lib/worker/main.ts).
    onUnhandledError: ({ stack = '' }) => !/graphile-worker\/dist\/sql\/(complete|fail)Jobs\.js/.test(stack),
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['**/*.test.{ts,tsx}'], exclude: excluded },
      },
      {
        extends: true,
        test: { ...withBackend, name: 'integration', include: ['**/*.itest.ts'], exclude: [...excluded, ofReleases] },
      },
      {
        extends: true,
        test: { ...withBackend, name: 'release', include: [ofReleases], exclude: excluded },
      },
    ],
  },
})
