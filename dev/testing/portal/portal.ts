/**
 * `node dev/run.mjs dev/testing/portal/portal.ts FILE`: starts the browser tests' Spaceport, describes it in FILE and
 * keeps it running, so that `SPACEPORT_E2E_STACK=FILE npm run test:e2e` needs no start of its own. Ctrl-C ends it.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { startPortalStack } from './portal-stack.ts'

const [file] = process.argv.slice(2)
if (file === undefined) {
  console.error('Usage: node dev/run.mjs dev/testing/portal/portal.ts FILE')
  process.exit(1)
}
const ended = Promise.withResolvers<string | undefined>()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ended.resolve(undefined))

const { stop, ...stack } = await startPortalStack({ report: console.log, onCrash: ended.resolve })
writeFileSync(file, `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o600 })
console.log(`Described in ${file}. Ctrl-C ends it.`)

const reason = await ended.promise
rmSync(file, { force: true })
await stop()
if (reason !== undefined) {
  console.error(reason)
  process.exitCode = 1
}
