import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Browser, chromium as browserType, type Page } from '@playwright/test'
import pg from 'pg'
import { createKubectl } from '#dev/testing/kubectl.ts'
import { deployment } from '#e2e/fixtures/deployment.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { signIn } from '#e2e/models/sign-in.ts'
import { spacePage } from '#e2e/models/space-page.ts'
import { openApi } from './api-client.ts'
import { revokeCredentials } from './credentials-actor.ts'
import { makeSpaces } from './members-actor.ts'
import { killAtRandom, rollAll } from './monkey.ts'
import { workInSpace } from './objects-actor.ts'
import { openShell } from './open-shell.ts'
import { createRandom } from './random.ts'
import { type ChaosRecord, createRecord, quantile } from './record.ts'
import { type Pairs, type Replica, startPairs } from './start-pairs.ts'
import { judge } from './verdict.ts'

type Options = {
  dir: string
  chromium: string
  seconds: number
  seed: number
  /** Whether statements go through PgBouncer, which is killed too. */
  pooled: boolean
  report: (line: string) => void
}

/** @returns the number of violations */
export async function runChaos({ dir, chromium, seconds, seed, pooled, report }: Options): Promise<number> {
  const record = createRecord()
  const pairs = await startPairs(dir, pooled, (reason) =>
    record.violations.push(`A process exited unexpectedly: ${reason}`),
  )
  const browser = await browserType.launch({
    executablePath: chromium,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  try {
    const scene = await prepare(pairs, browser, dir)
    report(`two of each process are ready${pooled ? ', behind PgBouncer' : ''}; seed ${seed}`)
    const over = new AbortController()
    const { signal } = over
    const common = { record, signal, webUrl: pairs.stack.webUrl }
    const load = Promise.all([
      workInSpace(scene.worker, 'chaos-work', record, signal),
      makeSpaces({ ...common, page: scene.alice, guest: scene.guest }),
      revokeCredentials({ ...common, page: scene.erin, space: 'chaos-erin', gatewayPorts: pairs.gatewayPorts, dir }),
    ])
    load.catch((error: unknown) => record.violations.push(`The load ended early: ${error}`))

    const until = Date.now() + seconds * 1_000
    await rollAll(pairs.replicas, report, (replica, restart) =>
      keepShell(pairs, scene.kubeconfig, replica, restart, record),
    )
    record.setPhase('killing')
    const { kills } = await killAtRandom(pairs, createRandom(seed), until, report)
    record.setPhase('settling')
    await sleep(2_000)
    over.abort()
    await load.catch(() => {})
    report('compares the cluster, the database and the trail')
    await judge(pairs, 'chaos-work', record)
    for (const failure of new Set(record.failed.rolling))
      record.violations.push(`Failed in a rolling restart: ${failure}`)
    sumUp(record, kills, report)
    return record.violations.length
  } finally {
    await browser.close()
    await pairs.stop()
  }
}

/** People, their spaces and their kubeconfigs, before the chaos. */
async function prepare({ stack, gatewayPorts, ownerDatabaseUrl }: Pairs, browser: Browser, dir: string) {
  const { webUrl } = stack
  const open = async (username: string): Promise<Page> => {
    const page = await (await browser.newContext()).newPage()
    page.setDefaultTimeout(15_000)
    await signIn(page, webUrl, { username, password: username })
    return page
  }
  const own = async (page: Page, name: string): Promise<string> => {
    await newSpacePage(page).create(webUrl, { name })
    await spacePage(page, webUrl, name).waitUntilReady()
    const file = join(dir, `${name}.yaml`)
    await spacePage(page, webUrl, name).downloadKubeconfig(file)
    return file
  }
  const [alice, bob, erin] = [await open('alice'), await open('bob'), await open('erin')]
  const kubeconfig = await own(alice, 'chaos-work')
  const kubectl = createKubectl({ program: stack.binaries?.kubectl ?? 'kubectl', kubeconfig })
  await kubectl.ok(['apply', '-f', '-'], { input: deployment('web') })
  await kubectl.ok(['wait', '--for=condition=Available', 'deployment/web', '--timeout=60s'])
  // A space of his own, so that there is a kubeconfig for all of his spaces.
  await own(bob, 'chaos-bob')
  await bob.goto(`${webUrl}/credentials`)
  const download = bob.waitForEvent('download')
  await bob.getByRole('button', { name: 'Download for all your spaces' }).click()
  const file = join(dir, 'bob.yaml')
  await (await download).saveAs(file)
  await own(erin, 'chaos-erin')
  const client = new pg.Client({ connectionString: ownerDatabaseUrl })
  await client.connect()
  const { rows } = await client.query("SELECT handle FROM user_account WHERE name = 'Bob Example'")
  await client.end()
  return {
    ...{ alice, erin, kubeconfig, worker: openApi(kubeconfig) },
    guest: {
      name: 'Bob Example',
      handle: String(rows[0]?.handle),
      apis: gatewayPorts.map((port) => openApi(file, port)),
    },
  }
}

/** A shell stays open while its gateway terminates, for as long as that waits. */
async function keepShell(
  { stack }: Pairs,
  kubeconfig: string,
  { gatewayPort: port }: Replica,
  restart: () => Promise<void>,
  record: ChaosRecord,
): Promise<void> {
  if (port === undefined) return restart()
  const shell = await openShell({
    kubectl: stack.binaries?.kubectl ?? 'kubectl',
    kubeconfig,
    port,
    pod: 'deployment/web',
  })
  try {
    await shell.say('before')
    const restarted = restart()
    await sleep(1_000)
    await shell.say('while it ends')
    shell.close()
    await restarted
  } catch (error) {
    record.violations.push(error instanceof Error ? error.message : String(error))
    shell.close()
  }
}

function sumUp(record: ChaosRecord, kills: number, report: (line: string) => void): void {
  const { answered, failed, actions, revoked, violations } = record
  for (const phase of ['rolling', 'killing'] as const) {
    const [p50, p99] = [0.5, 0.99].map((share) => quantile(answered[phase], share).toFixed(0))
    report(`${phase}: ${answered[phase].length} answers, p50 ${p50} ms, p99 ${p99} ms; ${failed[phase].length} without`)
    for (const [text, times] of countEqual(failed[phase]).slice(0, 12)) report(`  ${times} × ${text}`)
  }
  report(
    `${kills} kills, one failover; ${actions.spaces} spaces, ${actions.members} removals, ${actions.revocations} revocations`,
  )
  report(
    `refused by both gateways after ${quantile(revoked, 0.5).toFixed(0)} ms (p50), ${quantile(revoked, 1).toFixed(0)} ms at most`,
  )
  for (const violation of violations) report(`✗ ${violation}`)
  report(violations.length === 0 ? 'Nothing was lost, doubled or left open.' : `${violations.length} violations.`)
}

function countEqual(texts: readonly string[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts].sort(([, one], [, other]) => other - one)
}
