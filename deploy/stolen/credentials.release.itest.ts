/** Steals a credential and a pod’s token, and tests each sentence about them in identities.ts. */
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { openSignInFixture } from '#dev/testing/fixtures/sign-in-fixture.ts'
import { expectDone, expectRefused, type Try, thief } from '#dev/testing/fixtures/thief.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { readSession } from '#lib/auth/session/read-session.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { stolenIdentities } from './identities.ts'

type Gateway = Awaited<ReturnType<typeof openGatewayFixture>>
type Credential = Awaited<ReturnType<Gateway['credential']>>

let gateway: Gateway
let portal: BrokerFixture
let ann: Actor
let spaceId: string
const [space, other] = [uniqueName('stolen'), uniqueName('other')]

beforeAll(async () => {
  ;[gateway, portal] = await Promise.all([openGatewayFixture(), openBrokerFixture()])
  ann = await portal.person('ann')
  for (const name of [space, other])
    await createSpace(portal.as(ann), { name, description: '', size: 'S', endsAt: null })
  spaceId = (await readSpace(portal.as(ann), { name: space })).id
  await gateway.asAdmin(['create', 'secret', 'generic', 'kept', '--from-literal=word=hush', '-n', space])
})
afterAll(async () => {
  for (const name of [space, other]) await deleteSpace(portal.as(ann), { space: { name }, confirmation: name })
  await Promise.all([gateway.close(), portal.close()])
})

async function letIn(person: Actor, role: 'viewer' | 'editor'): Promise<void> {
  await addGrant(portal.as(ann), { space: { name: space }, principal: `user:${person.handle}`, role, endsAt: null })
  await gateway.untilBound(space, person)
}
const patient = { timeout: 30_000, interval: 100 }

describe(stolenIdentities.credential.name, () => {
  let bound: Credential
  let unbound: Credential
  beforeAll(async () => {
    bound = await gateway.credential(ann, { namespace: space, spaceId: spaceId })
    unbound = await gateway.credential(ann, { namespace: space })
  })

  test('does in its space what the person’s role allows, and no more', async () => {
    const viewer = await portal.person('viewer')
    await letIn(viewer, 'viewer')
    const lesser = await gateway.credential(viewer, { namespace: space })
    expectDone(await bound.run(['get', 'secret', 'kept']))
    expectDone(await lesser.run(['get', 'pods']))
    expectRefused(await lesser.run(['get', 'secret', 'kept']), /your role in this space is viewer/)
    expectRefused(await lesser.run(['create', 'configmap', 'made']), /your role in this space is viewer/)
  })

  test('does not leave its space; an unbound one reaches all of the person’s', async () => {
    expectRefused(await bound.run(['get', 'pods', '-n', other]), /bound to another space/)
    expectDone(await unbound.run(['get', 'pods', '-n', other]))
    expectRefused(await unbound.run(['get', 'pods', '-n', 'kube-system']), /you have no role in this namespace/)
  })

  test('can’t sign in to the portal, or create tokens or credentials', async () => {
    expect(await readSession({ ...portal.services, clock: () => new Date() }, bound.token)).toBeNull()
    expectRefused(await bound.run(['create', 'token', 'default']), /no role allows this/)
    expectRefused(
      await unbound.run(['create', 'token', ann.handle, '-n', 'spaceport-users']),
      /you have no role in this namespace/,
    )
    expectRefused(await unbound.run(['get', '--raw', '/credentials']), /gives access to your spaces only/)
  })

  test('is unknown to the API server', async () => {
    const direct = thief(inject('kubeGateway'), `--token=${unbound.token}`)
    expectRefused(await direct(['get', 'pods', '-n', space]), /unauthorized|must be logged in/i)
  })

  test.each([
    'api/v1/namespaces/{space}/pods/x/proxy/',
    'api/v1/namespaces/{space}/services/x/proxy/',
    'api/v1/nodes/x/proxy/',
  ])('reaches nothing through the API server’s proxy: %s', async (path) => {
    const asked = ['get', '--raw', `/${path.replace('{space}', space)}`]
    expectRefused(await bound.run(asked), /does not allow the API server’s proxy/)
    expectRefused(await unbound.run(asked), /does not allow the API server’s proxy/)
  })

  test('reads of the cluster only what is on the list, and less if it is bound', async () => {
    for (const { run } of [bound, unbound]) {
      for (const asked of [['version'], ['api-resources'], ['get', '--raw', '/openapi/v3'], ['auth', 'whoami']])
        expectDone(await run(asked))
      expect((await run(['get', 'namespaces', '-o', 'name'])).out).toContain(space)
      for (const kind of ['nodes', 'clusterroles', 'persistentvolumes'])
        expectRefused(await run(['get', kind]), /at the cluster scope: /)
    }
    for (const kind of ['storageclasses', 'ingressclasses', 'priorityclasses']) {
      expectDone(await unbound.run(['get', kind]))
      expectRefused(await bound.run(['get', kind]), /this credential is bound to a space/)
    }
  })

  test('ends when it expires, when it is revoked, with the person’s account, and with the role', async () => {
    const late = await gateway.credential(ann, { namespace: space, lastsMs: -1 })
    expectRefused(await late.run(['get', 'pods']), /has expired/)
    const departingUser = await portal.person('departing')
    await letIn(departingUser, 'editor')
    const [first, second] = [await gateway.credential(departingUser), await gateway.credential(departingUser)]
    const asked = ['get', 'pods', '-n', space]
    for (const { run } of [first, second]) expectDone(await run(asked))
    await gateway.sql('UPDATE credential SET revoked_at = now() WHERE id = $1', [first.id])
    await vi.waitFor(async () => expectRefused(await first.run(asked), /was revoked/), patient)
    expectDone(await second.run(asked))
    await gateway.sql('UPDATE space_grant SET removed_at = now() WHERE user_id = $1', [departingUser.userId])
    await vi.waitFor(async () => expectRefused(await second.run(asked), /no role in this namespace/), patient)
    await gateway.sql('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [departingUser.userId])
    await vi.waitFor(async () => expectRefused(await second.run(asked), /deactivated/), patient)
  })

  test.each<[what: string, options: Parameters<typeof openSignInFixture>[0], ends: boolean]>([
    ['ends when the provider logs the person out', { logoutBySubject: true }, true],
    [
      'survives that if the operator configures it so',
      { logoutBySubject: true, environment: { OIDC_LOGOUT_ENDS_CREDENTIALS: 'no' } },
      false,
    ],
    ['survives the logout of one session', {}, false],
  ])('%s', async (_what, options, ends) => {
    const signIn = await openSignInFixture(options)
    try {
      const browser = signIn.browser()
      await browser.signIn('alice')
      const alice = (await browser.session())?.actor
      if (!alice) throw new Error('no one is signed in')
      await letIn(alice, 'viewer')
      const { run } = await gateway.credential(alice, { namespace: space })
      const watch = run(['get', '--raw', `/api/v1/namespaces/${space}/pods?watch=true&timeoutSeconds=${ends ? 50 : 3}`])
      expectDone(await run(['get', 'pods']))
      await browser.signOutAtProvider()
      await expect.poll(() => browser.session(), patient).toBeNull()
      const refused = async () => expectRefused(await run(['get', 'pods']), /logged in to the server.*was revoked/)
      if (ends) await vi.waitFor(refused, patient)
      else expectDone(await run(['get', 'pods']))
      expect((await watch).all.includes('this credential was revoked')).toBe(ends)
    } finally {
      await signIn.close()
    }
  })
})

describe(stolenIdentities.podToken.name, () => {
  let token: string
  let pod: Try
  let owner: Credential
  beforeAll(async () => {
    token = (await gateway.asAdmin(['create', 'token', 'default', '-n', space])).out.trim()
    pod = thief(inject('kubeGateway'), `--token=${token}`)
    owner = await gateway.credential(ann, { namespace: space })
  })
  const bind = (name: string, role: string) => [
    ...['create', 'rolebinding', name, `--clusterrole=spaceport:${role}`],
    `--serviceaccount=${space}:default`,
  ]
  const read = () => ['get', 'pods', '-n', space]

  test('has the rights that members granted it, until an admin of the space removes them', async () => {
    expectRefused(await pod(read()), /cannot list resource "pods"/)
    expectDone(await owner.run(bind('readers', 'viewer')))
    await vi.waitFor(async () => expectDone(await pod(read())), patient)
    expectDone(await owner.run(['delete', 'rolebinding', 'readers']))
    await vi.waitFor(async () => expectRefused(await pod(read()), /cannot list resource "pods"/), patient)
  })

  test('reaches no other space and binds no person, even with the highest role', async () => {
    expectDone(await owner.run(bind('robots', 'admin')))
    await vi.waitFor(async () => expectDone(await pod(read())), patient)
    const here = ['-n', space, '--clusterrole=spaceport:viewer', '--dry-run=server']
    await vi.waitFor(
      async () => expectDone(await pod(['create', 'rolebinding', 'x', ...here, `--serviceaccount=${space}:builder`])),
      patient,
    )
    const strangers = [`spaceport-users:${ann.handle}`, `${other}:default`].map(
      (account) => `--serviceaccount=${account}`,
    )
    for (const subject of [...strangers, '--user=mallory', '--group=system:authenticated'])
      expectRefused(await pod(['create', 'rolebinding', 'x', ...here, subject]), /'spaceport-bindings'/)
    expectRefused(await pod(['get', 'pods', '-n', other]), /cannot list resource "pods"/)
    expectRefused(await pod(['get', 'namespaces']), /cannot list resource "namespaces"/)
    expectRefused(
      await pod([...read(), `--as=system:serviceaccount:spaceport-users:${ann.handle}`]),
      /cannot impersonate/,
    )
  })

  test('is no credential at the gateway', async () => {
    expectRefused(await thief(owner.kubeconfig, `--token=${token}`)(read()), /unauthorized|must be logged in/i)
  })
})
