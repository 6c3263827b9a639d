import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { portalStackSchema } from '#dev/testing/portal/described-stack.ts'
import { seedPeople } from './people.ts'

/** Starts the tested Spaceport, unless SPACEPORT_E2E_STACK describes one. */
export default async function globalSetup(): Promise<(() => Promise<void>) | undefined> {
  const described = process.env.SPACEPORT_E2E_STACK
  if (described) {
    seedPeople(portalStackSchema.parse(JSON.parse(readFileSync(described, 'utf8'))).peopleFile)
    return undefined
  }
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-e2e-'))
  const started = performance.now()
  const crashes: string[] = []
  // Takes a second to load.
  const { startPortalStack } = await import('#dev/testing/portal/portal-stack.ts')
  const { stop, ...stack } = await startPortalStack({
    report: () => {},
    onCrash: (reason) => {
      crashes.push(reason)
      console.error(`Spaceport broke: ${reason}`)
    },
    onMemory: (held) =>
      console.log(
        `Memory after the tests: ${Object.entries(held)
          .map(([name, megabytes]) => `${name} ${Math.round(megabytes)} MB`)
          .join(', ')}`,
      ),
  })
  console.log(`Spaceport is ready after ${((performance.now() - started) / 1000).toFixed(1)} s`)
  seedPeople(stack.peopleFile)
  const file = join(dir, 'stack.json')
  writeFileSync(file, JSON.stringify(stack), { mode: 0o600 })
  // Playwright's workers inherit the environment as it is now.
  process.env.SPACEPORT_E2E_STACK = file
  return async () => {
    await stop()
    rmSync(dir, { recursive: true, force: true })
    // A failure of the run, with the log’s end: the tests after a crash only report refused connections.
    if (crashes.length > 0) throw new Error(`Spaceport broke: ${crashes.join('\n')}`)
  }
}
