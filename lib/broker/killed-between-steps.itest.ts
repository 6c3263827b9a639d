import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture, uniqueName } from '#dev/testing/broker-fixture.ts'
import { listUnsettled } from '../db/take-ended.ts'
import type { Actor } from '../domain/person.ts'
import { createSpace } from './create-space.ts'
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
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture.close())

/** Runs a use case in a process that kills itself before its n-th call to the outside. @returns whether it was killed */
async function dies(action: 'create' | 'delete', name: string, actor: Actor, diesBefore: number): Promise<boolean> {
  const child = spawn(process.execPath, ['dev/testing/dying-process.ts'], { stdio: ['pipe', 'ignore', 'pipe'] })
  child.stdin.end(
    JSON.stringify({
      action,
      name,
      actor,
      diesBefore,
      databaseUrl: inject('databaseUrl'),
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

/** What the worker does with what was left: everything unsettled is reconciled, by the jobs or by its sweep. */
async function finish(ownerId: string): Promise<void> {
  for (let round = 0; round < 150; round++) {
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

const mostSteps = 60

test('a process killed between any two steps of a create leaves a space that becomes ready, or nothing', {
  timeout: 300_000,
}, async () => {
  const actor = await fixture.person('killed')
  let finished = false
  for (let step = 1; step <= mostSteps && !finished; step++) {
    const name = uniqueName(`k${step}`)
    finished = !(await dies('create', name, actor, step))
    await finish(actor.userId)
    const end = await inTheEnd(actor.userId, name)
    const whole = { ready: 'Active', none: '' }[end.status === null ? 'none' : end.status]
    expect({ step, end, whole }).toMatchObject({ step, end: { namespaces: whole } })
    expect(end.status === null || end.intents > 0).toBe(true)
  }
  expect(finished).toBe(true)
})

test('a process killed between any two steps of a delete leaves a space that is ready, or gone', {
  timeout: 300_000,
}, async () => {
  const actor = await fixture.person('killed')
  const ctx = fixture.as(actor, { policy: { ...fixture.services.policy, spaceLimit: 100 } })
  const names: string[] = []
  for (let step = 1; step <= mostSteps; step++) {
    const name = uniqueName(`d${step}`)
    names.push(name)
    await createSpace(ctx, { name, description: '', size: 'S', endsAt: null })
    if (!(await dies('delete', name, actor, step))) break
  }
  expect(names.length).toBeLessThan(mostSteps)
  await finish(actor.userId)
  for (const [index, name] of names.entries()) {
    const { status, namespaces } = await inTheEnd(actor.userId, name)
    expect({ step: index + 1, status, namespaces }).toEqual({
      step: index + 1,
      status,
      namespaces: status === 'ready' ? 'Active' : '',
    })
  }
})

test('what a killed process left is found again by the sweep even when its job is lost', async () => {
  const actor = await fixture.person('swept')
  const name = uniqueName('swept')
  await createSpace(fixture.as(actor), { name, description: '', size: 'S', endsAt: null })
  const { rows } = await fixture.owner.query(
    `UPDATE space SET status = 'creating', observed_generation = 0 WHERE name = $1 RETURNING id`,
    [name],
  )
  await fixture.owner.query(`SELECT graphile_worker.remove_job('reconcile-space:' || $1)`, [rows[0].id])
  expect(await listUnsettled(fixture.services.db)).toContain(rows[0].id)
})
