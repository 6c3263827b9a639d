import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/broker-fixture.ts'
import { uniqueName } from '#dev/testing/unique-name.ts'
import { addGrant } from '#lib/broker/access/add-grant.ts'
import { changeGrant } from '#lib/broker/access/change-grant.ts'
import { leaveSpace } from '#lib/broker/access/leave-space.ts'
import { listGrants } from '#lib/broker/access/list-grants.ts'
import { removeGrant } from '#lib/broker/access/remove-grant.ts'
import { searchPrincipals } from '#lib/broker/access/search-principals.ts'
import { exportAudit } from '#lib/broker/audit/export-audit.ts'
import { listAudit, listSpaceActivity } from '#lib/broker/audit/list-audit.ts'
import { readClusterNotices } from '#lib/broker/clusters/read-cluster-notices.ts'
import { createCredential } from '#lib/broker/credentials/create-credential.ts'
import { listCredentials } from '#lib/broker/credentials/list-credentials.ts'
import { revokeCredential } from '#lib/broker/credentials/revoke-credential.ts'
import { dismissNotice } from '#lib/broker/notices/dismiss-notice.ts'
import { listNotices } from '#lib/broker/notices/list-notices.ts'
import { acceptOffer } from '#lib/broker/offers/accept-offer.ts'
import { declineOffer } from '#lib/broker/offers/decline-offer.ts'
import { listOffers } from '#lib/broker/offers/list-offers.ts'
import { offerSpace } from '#lib/broker/offers/offer-space.ts'
import { readOffer } from '#lib/broker/offers/read-offer.ts'
import { withdrawOffer } from '#lib/broker/offers/withdraw-offer.ts'
import { cancelRequest } from '#lib/broker/requests/cancel-request.ts'
import { decideRequest } from '#lib/broker/requests/decide-request.ts'
import { listRequests } from '#lib/broker/requests/list-requests.ts'
import { readRequest } from '#lib/broker/requests/read-request.ts'
import { requestRole } from '#lib/broker/requests/request-role.ts'
import { requestSize } from '#lib/broker/requests/request-size.ts'
import { requestSpace } from '#lib/broker/requests/request-space.ts'
import { checkSpaceName } from '#lib/broker/spaces/check-space-name.ts'
import { countSpaceLoss } from '#lib/broker/spaces/count-space-loss.ts'
import { createSpace } from '#lib/broker/spaces/create-space.ts'
import { deleteSpace } from '#lib/broker/spaces/delete-space.ts'
import { listSpaces } from '#lib/broker/spaces/list-spaces.ts'
import { readSpace } from '#lib/broker/spaces/read-space.ts'
import { readSpaceInside } from '#lib/broker/spaces/read-space-inside.ts'
import { readSpacePolicy } from '#lib/broker/spaces/read-space-policy.ts'
import { retrySpace } from '#lib/broker/spaces/retry-space.ts'
import { updateSpace } from '#lib/broker/spaces/update-space.ts'
import { watchSpace } from '#lib/broker/spaces/watch-space.ts'
import type { SpaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { isAppError } from '#lib/domain/errors.ts'
import { decidePermission, type Permission } from '#lib/domain/permission.ts'
import type { Actor } from '#lib/domain/person.ts'
import type { Standing } from '#lib/domain/role.ts'

let fixture: BrokerFixture
/** For what leaves it as it was: what is refused, and what only reads or adds. */
let shared: Scene
beforeAll(async () => {
  fixture = await openBrokerFixture()
  shared = await makeScene()
})
afterAll(() => fixture.close())

/** One space with somebody in every standing, and requests that wait. */
type Scene = {
  key: SpaceKey
  actors: Record<Column, Actor>
  grantId: string
  other: Actor
  roleRequest: { id: string; payloadHash: string }
  spaceRequest: { id: string; payloadHash: string }
}
const columns = ['stranger', 'viewer', 'editor', 'spaceAdmin', 'owner', 'auditor', 'platformAdmin'] as const
type Column = (typeof columns)[number]
const standings: Partial<Record<Column, Standing>> = {
  viewer: 'viewer',
  editor: 'editor',
  spaceAdmin: 'admin',
  owner: 'owner',
}

async function makeScene(): Promise<Scene> {
  const [stranger, viewer, editor, spaceAdmin, owner, auditor, platformAdmin, other, asker] = await Promise.all([
    fixture.person('stranger'),
    fixture.person('viewer'),
    fixture.person('editor'),
    fixture.person('spaceadmin'),
    fixture.person('owner'),
    fixture.person('auditor', { platformRole: 'auditor' }),
    fixture.person('padmin', { platformRole: 'admin' }),
    fixture.person('other'),
    fixture.person('asker'),
  ])
  const ctx = fixture.as(owner)
  const { space } = await createSpace(ctx, { name: uniqueName('matrix'), description: '', size: 'S', endsAt: null })
  const key = { name: space.name }
  for (const [member, role] of [
    [viewer, 'viewer'],
    [editor, 'editor'],
    [spaceAdmin, 'admin'],
    [other, 'viewer'],
  ] as const) {
    await addGrant(ctx, { space: key, principal: `user:${member.handle}`, role, endsAt: null })
  }
  const { grants } = await listGrants(ctx, key)
  const grantId =
    grants.find(({ principal }) => principal.kind === 'user' && principal.handle === other.handle)?.id ?? ''
  const role = await requestRole(fixture.as(asker), { space: key, role: 'viewer', days: null, reason: 'to look' })
  const large = await requestSpace(fixture.as(asker), {
    name: uniqueName('large'),
    description: '',
    size: 'L',
    endsAt: null,
    reason: 'a big one',
  })
  const hashOf = async (id: string) => (await readRequest(fixture.as(asker), { id })).payloadHash
  return {
    key,
    actors: { stranger, viewer, editor, spaceAdmin, owner, auditor, platformAdmin },
    grantId,
    other,
    roleRequest: { id: role.id, payloadHash: await hashOf(role.id) },
    spaceRequest: { id: large.id, payloadHash: await hashOf(large.id) },
  }
}

const aborted = () => AbortSignal.timeout(50)

/** Each use case: the permission that guards it, and a call of it. */
const useCases: Record<string, [Permission, (ctx: BrokerContext, scene: Scene) => Promise<unknown>]> = {
  'create-space': [
    'create-space',
    (ctx) => createSpace(ctx, { name: uniqueName('made'), description: '', size: 'S', endsAt: null }),
  ],
  'read-space-policy': ['create-space', (ctx) => readSpacePolicy(ctx)],
  'check-space-name': ['check-space-name', (ctx) => checkSpaceName(ctx, { name: uniqueName('free') })],
  'read-cluster-notices': ['read-cluster-notices', (ctx) => readClusterNotices(ctx)],
  'list-spaces': ['list-spaces', (ctx) => listSpaces(ctx, {})],
  'read-space': ['read-space', (ctx, { key }) => readSpace(ctx, key)],
  'list-grants': ['read-space', (ctx, { key }) => listGrants(ctx, key)],
  'watch-space': [
    'read-space',
    (ctx, { key }) => watchSpace(ctx, key, { onChange: () => {}, onSpace: () => () => {}, signal: aborted() }),
  ],
  'read-space-inside': ['read-space-inside', (ctx, { key }) => readSpaceInside(ctx, key)],
  'list-space-activity': ['read-space-activity', (ctx, { key }) => listSpaceActivity(ctx, key)],
  'count-space-loss': ['delete-space', (ctx, { key }) => countSpaceLoss(ctx, key)],
  'update-space': ['update-space', (ctx, { key }) => updateSpace(ctx, { space: key, description: 'changed' })],
  'retry-space': ['retry-space', (ctx, { key }) => retrySpace(ctx, { space: key })],
  'add-grant': [
    'add-grant',
    async (ctx, { key }) =>
      addGrant(ctx, {
        space: key,
        principal: `user:${(await fixture.person('new')).handle}`,
        role: 'viewer',
        endsAt: null,
        reason: 'a test',
      }),
  ],
  'change-grant': [
    'change-grant',
    (ctx, { key, grantId }) =>
      changeGrant(ctx, { space: key, grantId, role: 'editor', endsAt: null, reason: 'a test' }),
  ],
  'search-principals': ['search-principals', (ctx, { key }) => searchPrincipals(ctx, { space: key, text: 'al' })],
  'create-credential': ['create-credential', (ctx, { key }) => createCredential(ctx, { space: key })],
  'create-credential-for-all': [
    'create-credential-for-all',
    (ctx) => createCredential(ctx, { space: null }).catch(noSpaceYet),
  ],
  'list-credentials': ['list-credentials', (ctx) => listCredentials(ctx)],
  'revoke-credential': [
    'revoke-credential',
    (ctx) => revokeCredential(ctx, { id: '00000000-0000-4000-8000-000000000000' }).catch(noneOfMine),
  ],
  'request-space': [
    'request-space',
    (ctx) =>
      requestSpace(ctx, { name: uniqueName('wish'), description: '', size: 'L', endsAt: null, reason: 'because' }),
  ],
  'request-size': ['request-size', (ctx, { key }) => requestSize(ctx, { space: key, size: 'L', reason: 'it grows' })],
  'request-role': [
    'request-role',
    (ctx) => requestRole(ctx, { space: { name: uniqueName('unknown') }, role: 'viewer', days: 1, reason: 'to look' }),
  ],
  'list-requests': ['list-requests', (ctx) => listRequests(ctx, { box: 'mine' })],
  'cancel-request': [
    'cancel-request',
    (ctx) => cancelRequest(ctx, { id: '00000000-0000-4000-8000-000000000000' }).catch(noneOfMine),
  ],
  'read-request': ['decide-role-request', (ctx, { roleRequest }) => readRequest(ctx, roleRequest)],
  'decide-role-request': [
    'decide-role-request',
    (ctx, { roleRequest }) => decideRequest(ctx, { ...roleRequest, decision: 'approve', reason: '', days: null }),
  ],
  'decide-space-request': [
    'decide-space-request',
    (ctx, { spaceRequest }) => decideRequest(ctx, { ...spaceRequest, decision: 'deny', reason: 'too big', days: null }),
  ],
  'list-notices': ['list-notices', (ctx) => listNotices(ctx)],
  'dismiss-notice': [
    'dismiss-notice',
    (ctx) => dismissNotice(ctx, { id: '00000000-0000-4000-8000-000000000000' }).catch(noneOfMine),
  ],
  'list-audit': ['list-audit', (ctx) => listAudit(ctx, {})],
  'export-audit': ['export-audit', (ctx) => exportAudit(ctx, { format: 'csv' })],
  'leave-space': ['leave-space', (ctx, { key }) => leaveSpace(ctx, { space: key })],
  'remove-grant': ['remove-grant', (ctx, { key, grantId }) => removeGrant(ctx, { space: key, grantId })],
  'offer-space': [
    'offer-space',
    (ctx, { key, other }) => offerSpace(ctx, { space: key, to: `user:${other.handle}`, reason: 'a test' }),
  ],
  'read-offer': ['withdraw-offer', (ctx, { key }) => readOffer(ctx, key)],
  'withdraw-offer': ['withdraw-offer', (ctx, { key }) => withdrawOffer(ctx, { space: key }).catch(noOffer)],
  'list-offers': ['list-offers', (ctx) => listOffers(ctx)],
  'accept-offer': [
    'accept-offer',
    (ctx) => acceptOffer(ctx, { id: '00000000-0000-4000-8000-000000000000' }).catch(noneOfMine),
  ],
  'decline-offer': [
    'decline-offer',
    (ctx) => declineOffer(ctx, { id: '00000000-0000-4000-8000-000000000000' }).catch(noneOfMine),
  ],
  'delete-space': ['delete-space', (ctx, { key }) => deleteSpace(ctx, { space: key, confirmation: key.name })],
}

/** Everybody may use these on what is their own; these persons have nothing of their own. */
function noSpaceYet(error: unknown): void {
  if (!isAppError(error, 'not_found')) throw error
}
const noneOfMine = noSpaceYet
function noOffer(error: unknown): void {
  if (!isAppError(error, 'offer_closed')) throw error
}

/** What can be done once: where it is allowed, each person gets a scene of their own. */
const once = new Set([
  'change-grant',
  'request-size',
  'decide-role-request',
  'decide-space-request',
  'leave-space',
  'remove-grant',
  'offer-space',
  'delete-space',
])

/** A request that one may not decide on looks as if it were not there, to members as well. */
const alwaysHidden = new Set(['read-request', 'decide-role-request', 'decide-space-request'])

async function outcomeOf(call: Promise<unknown>): Promise<'allowed' | 'forbidden' | 'hidden'> {
  try {
    await call
    return 'allowed'
  } catch (error) {
    if (isAppError(error, 'forbidden')) return 'forbidden'
    if (isAppError(error, 'not_found')) return 'hidden'
    throw error
  }
}

test.each(Object.entries(useCases))('%s does for each person what the table says', async (name, [permission, call]) => {
  for (const column of columns) {
    const decided = decidePermission(permission, {
      platformRole: shared.actors[column].platformRole,
      standing: standings[column] ?? null,
    })
    const expected = decided === 'forbidden' && alwaysHidden.has(name) ? 'hidden' : decided
    const scene = expected === 'allowed' && once.has(name) ? await makeScene() : shared
    expect({ column, outcome: await outcomeOf(call(fixture.as(scene.actors[column]), scene)) }).toEqual({
      column,
      outcome: expected,
    })
  }
})

test('a name that no space can have is not there, for platform admins too', async () => {
  const admin = { ...(await fixture.person('nul')), platformRole: 'admin' as const }
  for (const key of [{ name: 'a\0b' }, { name: 'a', cluster: 'b\0' }])
    await expect(readSpace(fixture.as(admin), key)).rejects.toMatchObject({ code: 'not_found' })
})

/** The folders of what use cases are made of, and of what only Spaceport itself does. */
const withoutUseCases = new Set(['use-case', 'reconcile'])
/** What the other folders hold beside use cases. */
const notUseCases = new Set([
  'check-fences',
  'check-readiness',
  'check-rights',
  'describe-fences',
  'grant-rows',
  'judge-giving',
  'may-decide',
  'measure-trail-size',
  'open-request',
  'request-hash',
  'request-row',
  'resolve-principal',
  'settle-trail',
  'space-draft',
  'tell-owner',
])
/** Files whose use cases have a row under another name. */
const rowsOf: Record<string, string[]> = { 'decide-request': ['decide-role-request', 'decide-space-request'] }

test('every use case has its rows here', () => {
  const files = readdirSync(import.meta.dirname, { withFileTypes: true, recursive: true })
    .filter(({ name, parentPath }) => /\.ts$/.test(name) && !withoutUseCases.has(basename(parentPath)))
    .filter(({ name }) => !/\.i?test\.ts$/.test(name))
    .map(({ name }) => name.slice(0, -3))
  const missing = files.filter(
    (file) => !notUseCases.has(file) && !(rowsOf[file] ?? [file]).every((row) => row in useCases),
  )
  expect(files.length).toBeGreaterThan(30)
  expect(missing).toEqual([])
})
