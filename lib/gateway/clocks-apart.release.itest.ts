import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'

type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>
type Person = Awaited<ReturnType<Fixture['person']>>

const minute = 60_000
/** How far each gateway's clock differs from all others. */
const offsets = { ahead: minute, behind: -minute, jumping: 0 }
type Which = keyof typeof offsets
const late = ['ahead', 'behind'] as const

let fixture: Fixture
let owner: Person
let space: Awaited<ReturnType<Fixture['space']>>
let gateways: Record<Which, Awaited<ReturnType<Fixture['start']>>>
beforeAll(async () => {
  fixture = await openGatewayFixture()
  const start = (which: Which) => fixture.start({}, undefined, () => Date.now() + offsets[which])
  const [ahead, behind, jumping] = await Promise.all([start('ahead'), start('behind'), start('jumping')])
  gateways = { ahead, behind, jumping }
  owner = await fixture.person('owner')
  space = await fixture.space(owner)
})
afterAll(async () => {
  await Promise.all(Object.values(gateways ?? {}).map((gateway) => gateway.stop()))
  await fixture?.close()
})

type Credential = Awaited<ReturnType<Fixture['credential']>>
const through = (which: Which, { run }: Credential, ...args: string[]) =>
  run(['--server', `https://127.0.0.1:${gateways[which].port}/clusters/default`, '-n', space.namespace, ...args])
/**
 * @returns the list from kubectl, or its whole output on a refusal; it warns about APIs that are briefly unavailable
 */
const listPods = async (which: Which, credential: Credential) => {
  const { code, out, all } = await through(which, credential, 'get', 'pods', '-o', 'name')
  return (code === 0 ? out : all).trim()
}
const watchPods = (which: Which, credential: Credential) =>
  through(which, credential, 'get', '--raw', `/api/v1/namespaces/${space.namespace}/pods?watch=true`)
/** kubectl starts slowly: waits until its watch has reached the gateway. */
const untilWatched = (which: Which) =>
  expect
    .poll(async () => (await fetch(`http://127.0.0.1:${gateways[which].adminPort}/metrics`)).text())
    .toMatch(/^spaceport_gateway_open_streams [1-9]/m)
const expectCut = ({ all }: { all: string }, why: string) => {
  expect(all).toContain('"type":"ERROR"')
  expect(all).toContain(why)
}
const seconds = (count: number) => count * 1_000
const ofOwner = (lastsMs?: number) => fixture.credential(owner, lastsMs === undefined ? {} : { lastsMs })

test('a credential expires at most a minute early or late', async () => {
  const ended = expect.stringContaining('this credential has expired')
  for (const [which, lastsMs, expected] of [
    ['ahead', seconds(50), ended],
    ['ahead', seconds(75), ''],
    ['behind', seconds(-50), ''],
    ['behind', seconds(-61), ended],
    ['behind', seconds(-3_600), ended],
  ] as const) {
    const list = async () => [which, lastsMs, await listPods(which, await ofOwner(lastsMs))]
    // On a machine that stalls, kubectl may ask only after the few remaining seconds.
    if (expected === '') await expect.poll(list).toEqual([which, lastsMs, expected])
    else expect(await list()).toEqual([which, lastsMs, expected])
  }
})

test('a role starts and ends at most a minute early or late', async () => {
  const none = expect.stringContaining('you have no role in this namespace')
  const guests = await Promise.all(
    (
      [
        ['ahead', 0, seconds(50), none],
        ['ahead', 0, seconds(100), ''],
        ['ahead', seconds(30), null, ''],
        ['behind', seconds(-120), seconds(-20), ''],
        ['behind', seconds(-120), seconds(-61), none],
        ['behind', 0, null, none],
        ['behind', seconds(-61), null, ''],
      ] as const
    ).map(async ([which, startsMs, endsMs, expected]) => {
      const guest = await fixture.person('guest')
      const [now, id] = [Date.now(), await fixture.grant(space.id, guest, 'viewer')]
      await fixture.sql('UPDATE space_grant SET starts_at = $2, ends_at = $3 WHERE id = $1', [
        id,
        new Date(now + startsMs),
        endsMs === null ? null : new Date(now + endsMs),
      ])
      return { which, startsMs, endsMs, expected, guest, credential: await fixture.credential(guest) }
    }),
  )
  // On the cluster, the bindings outlive the roles.
  await fixture.asAdmin([
    ...['-n', space.namespace, 'create', 'rolebinding', 'guests', '--clusterrole=spaceport:viewer'],
    ...guests.map(({ guest }) => `--serviceaccount=spaceport-users:${guest.handle}`),
  ])
  await Promise.all(guests.map(({ guest }) => fixture.untilBound(space.namespace, guest)))
  for (const { which, startsMs, endsMs, expected, credential } of guests)
    expect([which, startsMs, endsMs, await listPods(which, credential)]).toEqual([which, startsMs, endsMs, expected])
})

test('a stream is cut when access ends by the gateway’s clock', async () => {
  const begun = performance.now()
  const cuts = await Promise.all([
    watchPods('ahead', await ofOwner(minute + seconds(25))),
    watchPods('behind', await ofOwner(-minute + seconds(25))),
  ])
  for (const cut of cuts) expectCut(cut, 'this credential has expired')
  expect(performance.now() - begun).toBeGreaterThan(seconds(18))
  expect(performance.now() - begun).toBeLessThan(seconds(45))
})

test('a revocation takes effect at once, whatever the clock says', async () => {
  const credential = await ofOwner()
  const watches = Promise.all(late.map((which) => watchPods(which, credential)))
  await Promise.all(late.map(untilWatched))
  for (const which of late) expect(await listPods(which, credential)).toBe('')
  const revoked = performance.now()
  await fixture.sql('UPDATE credential SET revoked_at = now() WHERE id = $1', [credential.id])
  for (const cut of await watches) expectCut(cut, 'this credential was revoked')
  expect(performance.now() - revoked).toBeLessThan(seconds(10))
  for (const which of late) expect(await listPods(which, credential)).toContain('this credential was revoked')
})

test('everything else still works: changes, the trail, the list of namespaces', async () => {
  const credential = await ofOwner()
  for (const which of late) {
    expect((await through(which, credential, 'create', 'configmap', `made-${which}`)).all).toContain('created')
    expect((await through(which, credential, 'get', 'namespaces', '-o', 'name')).out).toContain(space.namespace)
  }
  const rows = await fixture.sql(
    `SELECT i.target_name AS made, o.outcome::text FROM audit_event i JOIN audit_event o ON o.intent_id = i.id
     WHERE i.detail ->> 'credential' = $1 ORDER BY i.seq`,
    [credential.id],
  )
  expect(rows).toEqual(late.map((which) => ({ made: `made-${which}`, outcome: 'ok' })))
})

test('correcting the clock of a running gateway moves expirations with it', async () => {
  const credential = await ofOwner(seconds(50))
  const watch = watchPods('jumping', credential)
  await untilWatched('jumping')
  expect(await listPods('jumping', credential)).toBe('')
  offsets.jumping = minute
  expectCut(await watch, 'this credential has expired')
  expect(await listPods('jumping', credential)).toContain('this credential has expired')
  offsets.jumping = 0
  expect(await listPods('jumping', credential)).toBe('')
})
