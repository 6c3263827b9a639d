import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { selectUnsettled } from '#lib/worker/db/space-status.ts'
import { reconcileSpace } from './reconcile-space.ts'

const run = promisify(execFile)
const namespacesOf = async (spaceName: string): Promise<string> =>
  (
    await run(inject('binaries').kubectl, [
      '--kubeconfig',
      inject('kubeAdmin'),
      'get',
      'namespaces',
      '-l',
      `spaceport.dev/space=${spaceName}`,
      '-o',
      'jsonpath={.items[*].status.phase}',
    ])
  ).stdout

let fixture: BrokerFixture
/** The processes' code, compiled once for all of them. */
const compiled = mkdtempSync(join(tmpdir(), 'spaceport-compiled-'))
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(async () => {
  await fixture.close()
  rmSync(compiled, { recursive: true, force: true })
})

/** Runs a use case in a process that kills itself after its n-th external change. @returns whether it was killed */
async function dies(action: 'create' | 'delete', name: string, actor: Actor, diesAfter: number): Promise<boolean> {
  const { web } = (await ownDatabase()).databaseUrls
  const child = spawn(process.execPath, ['dev/testing/dying-process.ts'], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
  })
  child.stdin
    .on('error', () => {})
    .end(
      JSON.stringify({
        action,
        name,
        actor,
        diesAfter,
        databaseUrl: web,
        kubeconfig: inject('kubeBroker'),
      }),
    )
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on('exit', (...ended) => resolve(ended)),
  )
  if (signal === null && code !== 0) throw new Error(`the process failed instead of being killed: ${said}`)
  return signal === 'SIGKILL'
}

/** What the worker does afterwards: reconciles everything unsettled, by its jobs or by the sweep. */
async function finish(ownerId: string): Promise<void> {
  for (const end = performance.now() + 120_000; performance.now() < end; ) {
    const { rows } = await fixture.owner.query(
      `SELECT id FROM space WHERE owner_id = $1 AND (status IN ('creating', 'deleting', 'failed') OR (status <> 'deleted' AND observed_generation < generation))`,
      [ownerId],
    )
    if (rows.length === 0) return
    for (const { id } of rows) await reconcileSpace(fixture.system(), id)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('a space stayed half-made')
}

async function inTheEnd(
  ownerId: string,
  name: string,
): Promise<{ status: string | null; namespaces: string; intents: number }> {
  const { rows } = await fixture.owner.query(
    `SELECT status FROM space WHERE owner_id = $1 AND name = $2 ORDER BY created_at DESC LIMIT 1`,
    [ownerId, name],
  )
  const intents = await fixture.owner.query(
    `SELECT count(*)::int AS count FROM audit_event WHERE actor_id = $1 AND intent_id IS NULL`,
    [ownerId],
  )
  return { status: rows[0]?.status ?? null, namespaces: await namespacesOf(name), intents: intents.rows[0].count }
}

const atOnce = 3
const maxChanges = 60

/** Kills a process after each of its changes in turn, some in parallel, until one finishes. */
async function killAtEveryStep(
  action: 'create' | 'delete',
  actor: Actor,
  prepare: (name: string) => Promise<void>,
): Promise<string[]> {
  const names: string[] = []
  for (let first = 0; first <= maxChanges; first += atOnce) {
    const steps = Array.from({ length: atOnce }, (_, offset) => first + offset)
    const killed = await Promise.all(
      steps.map(async (step) => {
        const name = uniqueName(`${action}${step}`)
        names.push(name)
        await prepare(name)
        return dies(action, name, actor, step)
      }),
    )
    if (!killed.at(-1)) return names
  }
  throw new Error(`${action} makes more than ${maxChanges} changes`)
}

test('a process killed at any step of a create leaves a space that becomes ready, or nothing', {
  timeout: 300_000,
}, async () => {
  const actor = await fixture.person('killed')
  // As the worker does every minute: the fences are proved with dry runs, which leave nothing behind.
  const names = await killAtEveryStep('create', actor, async () => {
    await fixture.owner.query('UPDATE cluster SET fences_proved_at = now()')
  })
  expect(names.length).toBeGreaterThan(8)
  await finish(actor.userId)
  const ends = await Promise.all(names.map(async (name) => ({ name, ...(await inTheEnd(actor.userId, name)) })))
  for (const end of ends) {
    expect(end).toMatchObject(end.status === null ? { namespaces: '' } : { status: 'ready', namespaces: 'Active' })
    expect(end.status === null || end.intents > 0).toBe(true)
  }
})

test('a process killed at any step of a delete leaves a space that is ready, or gone', {
  timeout: 300_000,
}, async () => {
  const actor = await fixture.person('killed')
  const ctx = fixture.as(actor, { policy: { ...fixture.services.policy, spaceLimit: 1_000 } })
  const names = await killAtEveryStep('delete', actor, async (name) => {
    await createSpace(ctx, { name, description: '', size: 'S', endsAt: null })
  })
  expect(names.length).toBeGreaterThan(4)
  await finish(actor.userId)
  for (const name of names) {
    const { status, namespaces } = await inTheEnd(actor.userId, name)
    expect({ name, namespaces }).toEqual({ name, namespaces: status === 'ready' ? 'Active' : '' })
    expect(['ready', 'deleted']).toContain(status)
  }
})

test('the sweep finds what a killed process left, even if its job is lost', async () => {
  const actor = await fixture.person('swept')
  const name = uniqueName('swept')
  await createSpace(fixture.as(actor), { name, description: '', size: 'S', endsAt: null })
  const { rows } = await fixture.owner.query(
    `UPDATE space SET status = 'creating', observed_generation = 0 WHERE name = $1 RETURNING id`,
    [name],
  )
  await fixture.owner.query(`SELECT graphile_worker.remove_job('reconcile-space:' || $1)`, [rows[0].id])
  expect(await selectUnsettled(fixture.system().db)).toContain(rows[0].id)
})
