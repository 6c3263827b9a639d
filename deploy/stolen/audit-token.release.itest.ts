/** Takes a cluster’s audit token from its kubeconfig, and tests each sentence about it in identities.ts. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { launcher } from '#dev/project-root.ts'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { openAuditFixture } from '#dev/testing/fixtures/audit-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { ownFolder } from '#dev/testing/own-folder.ts'
import { eventOf } from '#lib/features/cluster-audit/receiver/event-fixture.ts'
import { parseBearer } from '#lib/kernel/credentials/token.ts'
import { stolenIdentities } from './identities.ts'

let fixture: Awaited<ReturnType<typeof openAuditFixture>>
beforeAll(async () => {
  fixture = await openAuditFixture()
})
afterAll(() => fixture?.close())

const kubeconfig = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string() }) }),
  ]),
  users: z.tuple([z.object({ user: z.object({ token: z.string() }) })]),
})

/** Runs the operator's command. */
async function command(...args: string[]): Promise<string> {
  const env = { ...process.env, DATABASE_URL: (await ownDatabase()).ownerDatabaseUrl }
  return (await promisify(execFile)(launcher, ['audit-webhook', ...args], { env })).stdout
}

async function steal() {
  const name = uniqueName('c').slice(0, 32)
  const ca = join(ownFolder(), 'ca.crt')
  writeFileSync(ca, fixture.ca)
  const text = await command('make', name, `https://127.0.0.1:${fixture.port}`, ca)
  const { clusters, users } = kubeconfig.parse(JSON.parse(text))
  expect(clusters[0].cluster.server).toBe(`https://127.0.0.1:${fixture.port}/clusters/${name}/audit`)
  expect(Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64').toString()).toBe(fixture.ca)
  const [row] = await fixture.sql('SELECT id FROM cluster WHERE name = $1', [name])
  const person = await fixture.person('alice')
  return { name, token: users[0].user.token, space: await fixture.space(String(row?.id), person.id) }
}
const inSpace = ({ namespace }: { namespace: string }, changed: Record<string, unknown> = {}) =>
  eventOf({ objectRef: { resource: 'deployments', namespace, name: 'web', apiGroup: 'apps' }, ...changed })

describe(stolenIdentities.auditToken.name, () => {
  test('can: report what didn’t happen on that cluster', async () => {
    const stolen = await steal()
    expect(await fixture.post(stolen, [inSpace(stolen.space)])).toMatchObject({ status: 200 })
    expect(await fixture.rowsOf(stolen.name)).toMatchObject([{ action: 'cluster.delete', route: 'around' }])
  })

  test('can’t: read, report for another cluster, or report as one of Spaceport’s processes', async () => {
    const [stolen, other] = [await steal(), await steal()]
    expect(await fixture.send(stolen, '', { method: 'GET' })).toMatchObject({ status: 405 })
    const elsewhere = { path: `/clusters/${other.name}/audit` }
    const list = JSON.stringify({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: [inSpace(other.space)] })
    expect(await fixture.send(stolen, list, elsewhere)).toMatchObject({ status: 403 })
    await fixture.post(stolen, [
      inSpace(other.space),
      inSpace(stolen.space, {
        observer: 'gateway/x',
        route: null,
        seq: 1,
        id: 'x',
        recorded_at: '2001-01-01',
        verb: 'create',
      }),
    ])
    const rows = await fixture.sql(
      'SELECT observer, destination, route, action FROM audit_event WHERE space_id = ANY($1) ORDER BY seq',
      [[stolen.space.id, other.space.id]],
    )
    const cluster = `cluster/${stolen.name}`
    expect(rows).toEqual([{ observer: cluster, destination: cluster, route: 'around', action: 'cluster.create' }])
  })

  test('can’t: hide what the cluster reports, by sending its Audit-ID first', async () => {
    const stolen = await steal()
    const real = inSpace(stolen.space)
    await fixture.post(stolen, [{ ...real, verb: 'patch', user: { username: 'nobody' } }])
    await fixture.post(stolen, [real])
    expect((await fixture.rowsOf(stolen.name)).map(({ action }) => action)).toEqual(['cluster.patch', 'cluster.delete'])
  })

  test('can’t: be used at the gateway', async () => {
    expect(parseBearer(`Bearer ${(await steal()).token}`)).toBe(undefined)
  })

  test('ends: within a second after the operator revokes it; settling keeps the newest', async () => {
    const stolen = await steal()
    const status = async (token: string) => (await fixture.post({ name: stolen.name, token }, [])).status
    const withoutCa = z.object({ users: kubeconfig.shape.users })
    const text = await command('make', stolen.name, 'https://audit.example.com')
    const next = withoutCa.parse(JSON.parse(text)).users[0].user
    await vi.waitFor(
      async () => expect([await status(stolen.token), await status(next.token)]).toEqual([200, 200]),
      10_000,
    )
    expect(await command('settle', stolen.name)).toBe('Revoked: 1.\n')
    await vi.waitFor(
      async () => expect([await status(stolen.token), await status(next.token)]).toEqual([401, 200]),
      10_000,
    )
    expect(await command('void', stolen.name)).toBe('Revoked: 1.\n')
    await vi.waitFor(async () => expect(await status(next.token)).toBe(401), 10_000)
    expect(await command('status')).toContain(`${stolen.name}: 0 valid, last received at `)
  })

  test.each([
    ['make', 'UPPER', 'https://x.example.com'],
    ['make', 'c', 'http://x.example.com'],
    ['make', 'c', 'https://x.example.com/path'],
    ['make', 'c'],
    ['void'],
    ['status', 'c'],
    ['constructor'],
    [],
  ])('the command refuses %s %s %s', async (...args) => {
    await expect(command(...args.filter((arg) => arg !== undefined))).rejects.toThrow(
      /Usage: bin\/spaceport audit-webhook/,
    )
  })
})
