/**
 * `node dev/run.mjs dev/testing/portal/stack.ts FILE`: starts the integration tests' backend, describes it in FILE and
 * keeps it running, so that `SPACEPORT_TEST_STACK=FILE npm run test:integration` needs no start of its own. Ctrl-C ends
 * it. It keeps the migrations and manifests from its start.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { startTestBackend } from '#dev/testing/test-backend.ts'

const [file] = process.argv.slice(2)
if (file === undefined) {
  console.error('Usage: node dev/run.mjs dev/testing/portal/stack.ts FILE')
  process.exit(1)
}
const ended = Promise.withResolvers<string | undefined>()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ended.resolve(undefined))

const { stop, ...backend } = await startTestBackend({ report: console.log, onExit: ended.resolve })
writeFileSync(file, `${JSON.stringify(backend, null, 2)}\n`, { mode: 0o600 })
console.log(`Described in ${file}. Ctrl-C ends it.`)

const reason = await ended.promise
rmSync(file, { force: true })
await stop()
if (reason !== undefined) {
  console.error(reason)
  process.exitCode = 1
}
