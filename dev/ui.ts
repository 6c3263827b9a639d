/**
 * `npm run dev:ui`: the portal in development mode with fixed data, for work on pages and components. It needs no
 * Kubernetes: a small server answers with fixed objects. Postgres and the identity provider are real.
 */
import { join } from 'node:path'
import { startStack } from '#dev/stack/start-stack.ts'
import { emptyStateDir } from '#dev/stack/state-dir.ts'
import { checkPorts } from '#dev/start/check-ports.ts'
import { claimState } from '#dev/start/state-lock.ts'
import { waitForEnd } from '#dev/start/wait-for-end.ts'
import { startFixedCluster } from '#dev/ui/fixed-cluster.ts'
import { fixedObjects } from '#dev/ui/fixed-objects.ts'
import { seedScene } from '#dev/ui/seed-scene.ts'
import { projectRoot } from './project-root.ts'

const ports = { web: 3200, idp: 3201, gateway: 8643, postgres: 54_529, apiserver: 16_643 }
const stateDir = join(projectRoot, '.spaceport', 'ui')
const webUrl = `http://localhost:${ports.web}`

async function main(): Promise<void> {
  const started = performance.now()
  const release = await claimState(stateDir, webUrl)
  const end = waitForEnd()
  try {
    await checkPorts({ web: ports.web, idp: ports.idp, postgres: ports.postgres }, 1_000)
    const cluster = await startFixedCluster(stateDir, fixedObjects(new Date()))
    const stack = await startStack({
      ...{ stateDir, ports, fixedCluster: cluster, fsync: false },
      ...{ web: 'dev', gateway: false, worker: false },
      report: () => {},
      onCrash: end.crash,
      signal: end.signal,
    })
    await seedScene(stack).catch(async (error: unknown) => {
      await stack.stop()
      // A part of the scene would be taken for all of it.
      emptyStateDir(stateDir)
      throw error
    })
    const seconds = ((performance.now() - started) / 1_000).toFixed(1)
    console.log(`${webUrl} is ready after ${seconds} s. Sign in as alice, bob, carol (admin), dave (auditor) or erin.`)
    console.log('The password is the name. Ctrl-C stops it. To start over, delete .spaceport/ui.')
    const reason = await end.reached
    if (reason !== undefined) console.error(reason)
    await stack.stop()
    await cluster.stop()
    if (reason !== undefined) process.exitCode = 1
  } finally {
    release()
  }
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
process.exit()
