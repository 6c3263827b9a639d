import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const excluded = ['**/node_modules/**', '.next/**', '.spaceport/**', 'lib/kernel/db/generated/**', 'e2e/**']
/** What only a release, or a change to its own folder, can break: `npm run test:release`. */
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
      // It throws wherever the bundler is not Next's; tests may import what only the server may.
      'server-only': fileURLToPath(new URL('./node_modules/server-only/empty.js', import.meta.url)),
    },
  },
  test: {
    environment: 'node',
    // A test that passes only when run again is a bug.
    retry: 0,
    // The files of a worker share what they import: loading it anew for each took longer than most of their tests.
    isolate: false,
    setupFiles: 'dev/testing/each-file.ts',
    // Of a machine that is busy otherwise: what never comes is told late, and what comes late is no failure.
    testTimeout: 180_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    // What failed in CI is known by its message alone: “{ status: 1, …(1) }” would not say why.
    chaiConfig: { truncateThreshold: 1_000 },
    // graphile-worker doesn't await what it writes about a job that has ended; the worker's process bears that (lib/worker/main.ts).
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
