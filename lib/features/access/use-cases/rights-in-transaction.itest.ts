import { randomUUID } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { untilBlockedBy } from '#dev/testing/database/until-blocked.ts'
import { type BrokerFixture, openBrokerFixture, type TestContext } from '#dev/testing/fixtures/broker-fixture.ts'
import { addPushedGroup, addScimToken, addTokenRequest } from '#dev/testing/fixtures/scim-client.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { cancelVerification } from '#lib/features/audit/use-cases/cancel-verification.ts'
import { downloadExport } from '#lib/features/audit/use-cases/download-export.ts'
import { exportAudit } from '#lib/features/audit/use-cases/export-audit.ts'
import { exportCheckpoints } from '#lib/features/audit/use-cases/export-checkpoints.ts'
import { removeExport } from '#lib/features/audit/use-cases/remove-export.ts'
import { startExport } from '#lib/features/audit/use-cases/start-export.ts'
import { verifyTrail } from '#lib/features/audit/use-cases/verify-trail.ts'
import { createCredential, createCredentialForAll } from '#lib/features/credentials/use-cases/create-credential.ts'
import { listCredentials } from '#lib/features/credentials/use-cases/list-credentials.ts'
import { openBrowserAccess } from '#lib/features/credentials/use-cases/open-browser-access.ts'
import { revokeCredential } from '#lib/features/credentials/use-cases/revoke-credential.ts'
import { revokeCredentials, revokeOwnCredentials } from '#lib/features/credentials/use-cases/revoke-credentials.ts'
import { deleteFilter } from '#lib/features/filters/use-cases/delete-filter.ts'
import { listFilters } from '#lib/features/filters/use-cases/list-filters.ts'
import { renameFilter } from '#lib/features/filters/use-cases/rename-filter.ts'
import { saveFilter } from '#lib/features/filters/use-cases/save-filter.ts'
import { declareSpace, releaseSpace } from '#lib/features/gitops/use-cases/declare-space.ts'
import { changeWebhook } from '#lib/features/inbox/use-cases/change-webhook.ts'
import { chooseMail } from '#lib/features/inbox/use-cases/choose-mail.ts'
import { listAdminActs } from '#lib/features/inbox/use-cases/list-admin-acts.ts'
import { markAllRead } from '#lib/features/inbox/use-cases/mark-all-read.ts'
import { markRead } from '#lib/features/inbox/use-cases/mark-read.ts'
import { removeWebhook } from '#lib/features/inbox/use-cases/remove-webhook.ts'
import { rotateWebhookSecret } from '#lib/features/inbox/use-cases/rotate-webhook-secret.ts'
import { setUpWebhook } from '#lib/features/inbox/use-cases/set-up-webhook.ts'
import { askOffboardingAgain } from '#lib/features/offboarding/use-cases/check-offboarding-again.ts'
import { offboardPerson } from '#lib/features/offboarding/use-cases/offboard-person.ts'
import { acceptOffer } from '#lib/features/offers/use-cases/accept-offer.ts'
import { declineOffer } from '#lib/features/offers/use-cases/decline-offer.ts'
import { listOffers } from '#lib/features/offers/use-cases/list-offers.ts'
import { offerSpace } from '#lib/features/offers/use-cases/offer-space.ts'
import { withdrawOffer } from '#lib/features/offers/use-cases/withdraw-offer.ts'
import { acknowledgeBreakGlassUse } from '#lib/features/people/use-cases/acknowledge-break-glass-use.ts'
import { activateAdminRole } from '#lib/features/people/use-cases/activate-admin-role.ts'
import { deactivatePerson } from '#lib/features/people/use-cases/deactivate-person.ts'
import { endAdminRole } from '#lib/features/people/use-cases/end-admin-role.ts'
import { endOwnAdminRole } from '#lib/features/people/use-cases/end-own-admin-role.ts'
import { endOwnSessions } from '#lib/features/people/use-cases/end-own-sessions.ts'
import { reactivatePerson } from '#lib/features/people/use-cases/reactivate-person.ts'
import { signOutPerson } from '#lib/features/people/use-cases/sign-out-person.ts'
import { changePolicy } from '#lib/features/policy/use-cases/change-policy.ts'
import { decideRequest } from '#lib/features/requests/use-cases/decide-request.ts'
import { readRequest } from '#lib/features/requests/use-cases/read-request.ts'
import { requestLife } from '#lib/features/requests/use-cases/request-life.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { requestSize } from '#lib/features/requests/use-cases/request-size.ts'
import { requestSpace } from '#lib/features/requests/use-cases/request-space.ts'
import { withdrawRequest } from '#lib/features/requests/use-cases/withdraw-request.ts'
import { advanceReviews } from '#lib/features/reviews/use-cases/advance-reviews.ts'
import { decideReview } from '#lib/features/reviews/use-cases/decide-review.ts'
import { endReview } from '#lib/features/reviews/use-cases/end-review.ts'
import { exportReview } from '#lib/features/reviews/use-cases/export-review.ts'
import { extendReview } from '#lib/features/reviews/use-cases/extend-review.ts'
import { scheduleReviews } from '#lib/features/reviews/use-cases/schedule-reviews.ts'
import { startReview } from '#lib/features/reviews/use-cases/start-review.ts'
import {
  approveProvisioningToken,
  declineProvisioningToken,
} from '#lib/features/scim/use-cases/decide-token-request.ts'
import { freezeProvisioning, unfreezeProvisioning } from '#lib/features/scim/use-cases/freeze-provisioning.ts'
import { removePushedGroup } from '#lib/features/scim/use-cases/remove-pushed-group.ts'
import { askForProvisioningToken } from '#lib/features/scim/use-cases/request-token.ts'
import { revealProvisioningToken } from '#lib/features/scim/use-cases/reveal-token.ts'
import { revokeProvisioningToken } from '#lib/features/scim/use-cases/revoke-token.ts'
import { takeOverProvisioningToken } from '#lib/features/scim/use-cases/take-over-token.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import { exportSpaces } from '#lib/features/spaces/use-cases/export-spaces.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { recordSecretShown } from '#lib/features/spaces/use-cases/record-secret-shown.ts'
import { retrySpace } from '#lib/features/spaces/use-cases/retry-space.ts'
import { updateSpace } from '#lib/features/spaces/use-cases/update-space.ts'
import { sentByDefault } from '#lib/kernel/model/inbox/event-choices.ts'
import { breakGlassIssuer } from '#lib/kernel/model/people/break-glass-account.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { addGrant } from './add-grant.ts'
import { askWhatMay } from './ask-what-may.ts'
import { askWhoMay } from './ask-who-may.ts'
import { changeGrant } from './change-grant.ts'
import { exportAccessReport } from './export-access-report.ts'
import { leaveSpace } from './leave-space.ts'
import { listGrants } from './list-grants.ts'
import { removeGrant } from './remove-grant.ts'

/*
 * Permissions are checked again in the transaction that uses them. Here another transaction revokes them: it is open
 * when the use case begins its own, and commits while the use case waits for its lock.
 */
let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture({ offline: true })
})
afterAll(() => fixture.close())

type Scene = {
  space: { name: string }
  spaceId: string
  owner: Actor
  /** A space admin, the owner or a platform admin. */
  actor: Actor
  grantId: string
  friend: Actor
  asked: { id: string; payloadHash: string }
}

async function makeScene(as: 'admin' | 'owner' | 'platform-admin'): Promise<Scene> {
  const [owner, actor, friend, mate, asker] = await Promise.all([
    fixture.person('owner'),
    fixture.person('actor', { platformRole: as === 'platform-admin' ? 'admin' : 'member' }),
    fixture.person('friend'),
    fixture.person('mate'),
    fixture.person('asker'),
  ])
  const first = offline(as === 'owner' ? actor : owner)
  const { id: spaceId, name } = await fixture.offlineSpace(first.actor)
  const space = { name }
  // As if it had been requested, and approved until tomorrow.
  await fixture.owner.query(
    `WITH asked AS (
       INSERT INTO request (id, kind, requester_id, cluster_id, payload, payload_hash, reason, state, expires_at)
       SELECT gen_random_uuid(), 'space', owner_id, cluster_id,
         jsonb_build_object('kind', 'space', 'cluster', 'default', 'name', name, 'description', '', 'size', 'S', 'endsAt', now() + interval '1 day'),
         '', 'a test', 'approved', now()
       FROM space WHERE name = $1 RETURNING id)
     UPDATE space SET request_id = asked.id FROM asked WHERE name = $1`,
    [space.name],
  )
  if (as === 'admin') await addGrant(first, { space, principal: actor.handle, role: 'admin' })
  await addGrant(first, { space, principal: mate.handle, role: 'viewer' })
  const { grants } = await listGrants(first, space)
  const grantId = grants.find(({ principal }) => principal.kind === 'user' && principal.handle === mate.handle)?.id
  const { id } = await requestRole(offline(asker), { space, role: 'viewer', minutes: 1_440, reason: 'to look' })
  return {
    space,
    spaceId,
    owner: as === 'owner' ? mate : owner,
    actor,
    grantId: grantId ?? '',
    friend,
    asked: { id, payloadHash: (await readRequest(offline(asker), { id })).payloadHash },
  }
}

/** Nothing here looks at a cluster: each call is refused before it would. */
const offline = (actor: Actor, changed: Partial<Services> = {}) => fixture.as(actor, { ...fixture.offline, ...changed })

/** @param id from `makeFirst` */
type Call = (ctx: TestContext, scene: Scene, id: string) => Promise<unknown>
const reason = 'a test'
const nextWeek = () => new Date(Date.now() + 7 * 86_400_000)
const webhook = { url: 'http://localhost:9/', format: 'spaceport', choices: sentByDefault } as const

const calls = {
  'add-grant': (ctx, { space, friend }) => addGrant(ctx, { space, principal: friend.handle, role: 'viewer', reason }),
  'change-grant': (ctx, { space, grantId }) => changeGrant(ctx, { space, grantId, role: 'editor', reason }),
  'remove-grant': (ctx, { space, grantId }) => removeGrant(ctx, { space, grantId, reason }),
  'update-space': (ctx, { space }) => updateSpace(ctx, { space, description: 'changed' }),
  'declare-space': (ctx, { space }) => {
    const gitIdentities = [{ cluster: 'default', namespace: 'team', handle: ctx.actor.handle }]
    return declareSpace(offline(ctx.actor, { gitIdentities }), { space, namespace: 'team' })
  },
  'release-space': (ctx, { space }) => releaseSpace(ctx, { space }),
  'retry-space': (ctx, { space }) => retrySpace(ctx, { space }),
  'record-secret-shown': (ctx, { space }) => recordSecretShown(ctx, { space, secret: 'db', key: 'password' }),
  'request-life': (ctx, { space }) =>
    requestLife(ctx, { space, endsAt: new Date(Date.now() + 9 * 86_400_000), reason }),
  'request-size': (ctx, { space }) => requestSize(ctx, { space, size: 'L', reason }),
  'create-credential': (ctx, { space }) => createCredential(ctx, { space }),
  'leave-space': (ctx, { space }) => leaveSpace(ctx, { space }),
  'delete-space': (ctx, { space }) => deleteSpace(ctx, { space, confirmation: space.name }),
  'offer-space': (ctx, { space, friend }) => offerSpace(ctx, { space, to: friend.handle, reason }),
  'decide-request': (ctx, { asked }) => decideRequest(ctx, { ...asked, decision: 'approve', reason, minutes: null }),
  'create-space': (ctx) => createSpace(ctx, { name: uniqueName('late'), description: '', size: 'S', endsAt: null }),
  'create-credential-for-all': (ctx) => createCredentialForAll(ctx, {}),
  'open-browser-access': (ctx) => openBrowserAccess(fixture.as({ ...ctx.actor, sessionId: randomUUID() }), undefined),
  'request-role': (ctx) =>
    requestRole(ctx, { space: { name: uniqueName('unknown') }, role: 'viewer', minutes: 1_440, reason }),
  'request-space': (ctx) =>
    requestSpace(ctx, { name: uniqueName('requested'), description: '', size: 'L', endsAt: null, reason }),
  'change-policy': (ctx) => changePolicy(ctx, { base: 0, rules: { ...ctx.configuredRules, spaceLimit: 6 }, reason }),
  'export-audit': (ctx) => exportAudit(ctx, { format: 'csv' }),
  'start-export': (ctx) => startExport(ctx, { format: 'csv' }),
  'download-export': (ctx, _scene, id) => downloadExport(ctx, { id }),
  'remove-export': (ctx, _scene, id) => removeExport(ctx, { id }),
  'export-checkpoints': (ctx) => exportCheckpoints(ctx),
  'verify-trail': (ctx) => verifyTrail(ctx, { fromAt: null, toAt: null }),
  'cancel-verification': (ctx) => cancelVerification(ctx, { id: randomUUID() }),
  'export-access-report': (ctx) => exportAccessReport(ctx, { by: 'person' }),
  'export-spaces': (ctx) => exportSpaces(ctx, {}),
  'ask-who-may': (ctx, { space }) => askWhoMay(ctx, { space, verb: 'get', resource: 'pods' }),
  'ask-what-may': (ctx, { space, owner }) => askWhatMay(ctx, { space, person: owner.handle }),
  'withdraw-offer': (ctx, { space }) => withdrawOffer(ctx, { space }),
  'activate-admin-role': (ctx) => activateAdminRole(ctx, { reason, minutes: 5 }),
  'end-own-admin-role': (ctx) => endOwnAdminRole(ctx, {}),
  'end-admin-role': (ctx, { friend }) => endAdminRole(ctx, { id: friend.userId, reason }),
  'acknowledge-break-glass-use': (ctx, _scene, id) => acknowledgeBreakGlassUse(ctx, { id, reason }),
  'deactivate-person': (ctx, { friend }) => deactivatePerson(ctx, { id: friend.userId, reason }),
  'reactivate-person': (ctx, _scene, id) => reactivatePerson(ctx, { id, reason }),
  'offboard-person': (ctx, { friend }) =>
    offboardPerson(ctx, { id: friend.userId, reason, confirmation: friend.handle, rest: null }),
  'ask-offboarding-again': (ctx, _scene, id) => askOffboardingAgain(ctx, { id }),
  'ask-for-provisioning-token': (ctx) => askForProvisioningToken(ctx, { name: 'a token', expiresAt: nextWeek() }),
  'approve-provisioning-token': (ctx, _scene, id) => approveProvisioningToken(ctx, { id }),
  'decline-provisioning-token': (ctx, _scene, id) => declineProvisioningToken(ctx, { id }),
  'reveal-provisioning-token': (ctx, _scene, id) => revealProvisioningToken(ctx, { id }),
  'take-over-provisioning-token': (ctx, { friend }, id) => takeOverProvisioningToken(ctx, { id, from: friend.handle }),
  'freeze-provisioning': (ctx) => freezeProvisioning(ctx, { reason }),
  'unfreeze-provisioning': (ctx) => unfreezeProvisioning(ctx, { reason }),
  'revoke-provisioning-token': (ctx, _scene, id) => revokeProvisioningToken(ctx, { id }),
  'remove-pushed-group': (ctx, _scene, id) => removePushedGroup(ctx, { id, reason }),
  'sign-out-person': (ctx, { friend }) => signOutPerson(ctx, { id: friend.userId }),
  'end-own-sessions': (ctx) => endOwnSessions(ctx, { choice: 'except', session: randomUUID() }),
  'revoke-credentials': (ctx, { friend }) => revokeCredentials(ctx, { person: friend.handle, reason }),
  'revoke-own-credentials': (ctx) => revokeOwnCredentials(ctx, { ids: [randomUUID()] }),
  'revoke-credential': (ctx, _scene, id) => revokeCredential(ctx, { id }),
  'withdraw-request': (ctx, _scene, id) => withdrawRequest(ctx, { id }),
  'mark-read': (ctx, _scene, id) => markRead(ctx, { id }),
  'choose-mail': (ctx) =>
    chooseMail(ctx, { waiting: false, decided: true, access: true, spaces: false, endings: true }),
  'save-filter': (ctx) => saveFilter(ctx, { list: 'trail', name: 'mine', query: { person: 'bob' } }),
  'rename-filter': (ctx, _scene, id) => renameFilter(ctx, { id, name: 'renamed' }),
  'delete-filter': (ctx, _scene, id) => deleteFilter(ctx, { id }),
  'start-review': (ctx, { space }) =>
    startReview(ctx, { name: uniqueName('review'), spaces: [space.name], dueAt: nextWeek(), undecided: 'keep' }),
  'schedule-reviews': (ctx) =>
    scheduleReviews(ctx, { months: null, nextOn: '2030-01-01', dueDays: 7, undecided: 'keep' }),
  'extend-review': (ctx, _scene, id) =>
    extendReview(ctx, { id, dueAt: new Date(nextWeek().getTime() + 86_400_000), reason }),
  'end-review': (ctx, _scene, id) => endReview(ctx, { id, reason }),
  'export-review': (ctx, _scene, id) => exportReview(ctx, { id, format: 'csv' }),
  'decide-review': async (ctx, { space }, id) =>
    decideReview(ctx, { id, search: space.name, decision: 'revoke', reason }),
  'set-up-webhook': (ctx) => setUpWebhook(ctx, webhook),
  'change-webhook': (ctx) => changeWebhook(ctx, webhook),
  'rotate-webhook-secret': (ctx) => rotateWebhookSecret(ctx),
  'remove-webhook': (ctx) => removeWebhook(ctx),
  'mark-all-read': (ctx) => markAllRead(ctx, { until: new Date().toISOString() }),
  'accept-offer': (ctx, _scene, id) => acceptOffer(ctx, { id }),
  'decline-offer': (ctx, _scene, id) => declineOffer(ctx, { id }),
} satisfies Record<string, Call>

type Name = keyof typeof calls

async function setUpFirst({ actor }: Scene): Promise<undefined> {
  await setUpWebhook(fixture.as(actor), webhook)
}

/**
 * Creates what a use case acts on.
 * @returns its id
 */
const makeFirst: Partial<Record<Name, (scene: Scene) => Promise<string | undefined>>> = {
  async 'withdraw-offer'({ space, actor, owner, friend }) {
    const { standing } = await readSpace(fixture.as(actor), space)
    await offerSpace(fixture.as(standing === 'owner' ? actor : owner), { space, to: friend.handle })
    return undefined
  },
  async 'release-space'({ spaceId }) {
    await fixture.owner.query(`UPDATE space SET declared_namespace = 'team' WHERE id = $1`, [spaceId])
    return undefined
  },
  async 'revoke-credential'({ space, actor }) {
    await createCredential(fixture.as(actor), { space })
    return (await listCredentials(fixture.as(actor)))[0]?.id
  },
  async 'reactivate-person'({ friend }) {
    await fixture.owner.query('UPDATE user_account SET deactivated_at = now() WHERE id = $1', [friend.userId])
    return friend.userId
  },
  async 'acknowledge-break-glass-use'() {
    const { userId } = await fixture.person('break-glass', { issuer: breakGlassIssuer })
    const { rows } = await fixture.owner.query<{ id: string }>(
      `INSERT INTO break_glass_code (id, code_hash, created_at, used_at, used_by_id)
       VALUES (gen_random_uuid(), sha256(gen_random_uuid()::text::bytea), now(), now(), $1) RETURNING id`,
      [userId],
    )
    return rows[0]?.id
  },
  async 'ask-offboarding-again'() {
    const departingUser = await fixture.person('departing')
    const admin = fixture.as(await fixture.person('admin', { platformRole: 'admin' }))
    const offboarded = { id: departingUser.userId, reason, confirmation: departingUser.handle, rest: null }
    return (await offboardPerson(admin, offboarded))?.id
  },
  'revoke-provisioning-token': async ({ friend }) => (await addScimToken(fixture.owner, friend)).id,
  'take-over-provisioning-token': async ({ friend }) => (await addScimToken(fixture.owner, friend)).id,
  'approve-provisioning-token': ({ friend }) => addTokenRequest(fixture.owner, friend),
  'decline-provisioning-token': ({ friend }) => addTokenRequest(fixture.owner, friend),
  'reveal-provisioning-token': ({ actor, friend }) => addTokenRequest(fixture.owner, actor, friend),
  async 'unfreeze-provisioning'({ friend }) {
    await fixture.owner.query(
      `INSERT INTO provisioning_freeze (id, reason, frozen_at, frozen_by_id) VALUES (gen_random_uuid(), 'x', now(), $1)
       ON CONFLICT DO NOTHING`,
      [friend.userId],
    )
    return undefined
  },
  'remove-pushed-group': () => addPushedGroup(fixture.owner),
  async 'withdraw-request'({ actor }) {
    const space = { name: uniqueName('unknown') }
    return (await requestRole(fixture.as(actor), { space, role: 'viewer', minutes: 1_440, reason })).id
  },
  async 'mark-read'({ space, actor, friend }) {
    const platformAdmin = await fixture.person('platform-admin', { platformRole: 'admin' })
    await addGrant(offline(platformAdmin), { space, principal: friend.handle, role: 'viewer', reason })
    return (await listAdminActs(fixture.as(actor)))[0]?.id
  },
  'download-export': exportFirst,
  'remove-export': exportFirst,
  'rename-filter': filterFirst,
  'delete-filter': filterFirst,
  'extend-review': reviewFirst,
  'end-review': reviewFirst,
  'export-review': reviewFirst,
  'decide-review': reviewFirst,
  'accept-offer': offerToActor,
  'decline-offer': offerToActor,
  'change-webhook': setUpFirst,
  'rotate-webhook-secret': setUpFirst,
  'remove-webhook': setUpFirst,
}

async function exportFirst({ actor }: Scene): Promise<string | undefined> {
  const { rows } = await fixture.owner.query<{ id: string }>(
    `INSERT INTO trail_export (id, person_id, format, filter, state, created_at)
     VALUES (gen_random_uuid(), $1, 'csv', '{}', 'done', now()) RETURNING id`,
    [actor.userId],
  )
  return rows[0]?.id
}

async function filterFirst({ actor }: Scene): Promise<string | undefined> {
  await saveFilter(fixture.as(actor), { list: 'trail', name: 'mine', query: { person: 'bob' } })
  return (await listFilters(fixture.as(actor), { list: 'trail' }))[0]?.id
}

async function reviewFirst({ space }: Scene): Promise<string> {
  const platformAdmin = fixture.as(await fixture.person('platform-admin', { platformRole: 'admin' }))
  const input = { name: uniqueName('review'), spaces: [space.name], dueAt: nextWeek(), undecided: 'keep' as const }
  const { id } = await startReview(platformAdmin, input)
  await advanceReviews(fixture.system())
  return id
}

async function offerToActor({ actor }: Scene): Promise<string | undefined> {
  const giver = await fixture.person('giver')
  const { name } = await fixture.offlineSpace(giver)
  await offerSpace(offline(giver), { space: { name }, to: actor.handle })
  return (await listOffers(fixture.as(actor)))[0]?.id
}

const takeGrant = `UPDATE space_grant SET removed_at = now() WHERE space_id = $1 AND user_id = $2`
const takeOwning = `UPDATE space SET owner_id = $3 WHERE id = $1 AND owner_id = $2`
const takePlatformRole = `UPDATE user_account SET platform_role = 'member' WHERE $1::uuid IS NOT NULL AND id = $2`
const endPlatformRole = `UPDATE user_account SET admin_until = now() WHERE $1::uuid IS NOT NULL AND id = $2`
const deactivate = `UPDATE user_account SET deactivated_at = now() WHERE $1::uuid IS NOT NULL AND id = $2`

/** Runs a use case while a transaction revokes a permission and commits once the use case waits for it. */
async function callDuring(
  revoking: string,
  name: Name,
  scene: Scene,
  changed: Partial<Services> = {},
): Promise<unknown> {
  const call: Call = calls[name]
  const id = (await makeFirst[name]?.(scene)) ?? ''
  const client = await fixture.owner.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT 1 FROM user_account WHERE id = $1 FOR UPDATE', [scene.actor.userId])
    await client.query('SELECT 1 FROM space WHERE id = $1 FOR UPDATE', [scene.spaceId])
    const values = [scene.spaceId, scene.actor.userId, scene.owner.userId]
    await client.query(revoking, values.slice(0, revoking.includes('$3') ? 3 : 2))
    const result = call(offline(scene.actor, changed), scene, id).catch((error: unknown) => error)
    await untilBlockedBy(client, fixture.owner)
    await client.query('COMMIT')
    return await result
  } finally {
    client.release()
  }
}

/** Requires platform admins to activate their role. */
const activation = (): Partial<Services> => ({ policy: { ...fixture.services.policy, adminMinutes: 60 } })

const gone = { code: expect.stringMatching(/^(forbidden|not_found)$/) }

test.each([
  'add-grant',
  'change-grant',
  'remove-grant',
  'update-space',
  'retry-space',
  'record-secret-shown',
  'request-life',
  'request-size',
  'create-credential',
  'leave-space',
] as const)('%s is refused to an admin who loses the role during the call', async (name) => {
  expect(await callDuring(takeGrant, name, await makeScene('admin'))).toMatchObject(gone)
})

test.each([
  'declare-space',
  'release-space',
  'delete-space',
  'offer-space',
  'withdraw-offer',
  'decide-request',
  'decide-review',
] as const)('%s is refused to an owner who loses ownership during the call', async (name) => {
  expect(await callDuring(takeOwning, name, await makeScene('owner'))).toMatchObject(gone)
})

/** Use cases that need a platform role. */
const asPlatformAdmin = [
  'export-audit',
  'start-export',
  'download-export',
  'remove-export',
  'export-checkpoints',
  'verify-trail',
  'cancel-verification',
  'save-filter',
  'rename-filter',
  'delete-filter',
  'export-access-report',
  'export-spaces',
  'ask-who-may',
  'ask-what-may',
  'change-policy',
  'end-admin-role',
  'acknowledge-break-glass-use',
  'deactivate-person',
  'reactivate-person',
  'offboard-person',
  'start-review',
  'schedule-reviews',
  'extend-review',
  'end-review',
  'export-review',
  'ask-offboarding-again',
  'sign-out-person',
  'ask-for-provisioning-token',
  'approve-provisioning-token',
  'decline-provisioning-token',
  'reveal-provisioning-token',
  'take-over-provisioning-token',
  'freeze-provisioning',
  'unfreeze-provisioning',
  'revoke-provisioning-token',
  'remove-pushed-group',
  'revoke-credentials',
] as const
/** Use cases that need a platform admin's groups. */
const byGroups = ['activate-admin-role', 'end-own-admin-role'] as const

const alsoAsPlatformAdmin = [
  'add-grant',
  'change-grant',
  'remove-grant',
  'update-space',
  'retry-space',
  'release-space',
  'delete-space',
  'offer-space',
  'withdraw-offer',
  'decide-request',
  'decide-review',
  ...asPlatformAdmin,
] as const

test.each([...alsoAsPlatformAdmin, ...byGroups])(
  '%s is refused to a platform admin who loses the role during the call',
  async (name) => {
    expect(await callDuring(takePlatformRole, name, await makeScene('platform-admin'), activation())).toMatchObject(
      gone,
    )
  },
)

test.each(alsoAsPlatformAdmin)(
  '%s is refused when a platform admin’s activation ends during the call',
  async (name) => {
    const scene = await makeScene('platform-admin')
    await fixture.owner.query(`UPDATE user_account SET admin_until = now() + interval '1 hour' WHERE id = $1`, [
      scene.actor.userId,
    ])
    expect(await callDuring(endPlatformRole, name, scene, activation())).toMatchObject(gone)
  },
)

/** An owner can't leave. */
const names = Object.keys(calls).filter((name): name is Name => name !== 'leave-space')

test.each(names)('%s is refused to a person who is deactivated during the call', async (name) => {
  const scene = await makeScene(
    [...asPlatformAdmin, ...byGroups].some((one) => one === name) ? 'platform-admin' : 'owner',
  )
  const changed = byGroups.some((one) => one === name) ? activation() : {}
  expect(await callDuring(deactivate, name, scene, changed)).toMatchObject({ code: 'deactivated' })
})

test('every use case that changes something or is recorded is covered', () => {
  const sources = globSync('lib/{features/*/use-cases,kernel/*}/*.ts').map((file) => readFileSync(file, 'utf8'))
  const changing = sources.flatMap((source) =>
    [...source.matchAll(/^export const (\w+) = (?:change(?:Space|Platform|Found)|viewRecorded)\b/gm)].map(
      ([, name = '']) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    ),
  )
  expect(Object.keys(calls).sort()).toEqual(changing.sort())
})

test('an admin who loses time on their role during the call can grant only the remaining time', async () => {
  const scene = await makeScene('admin')
  const shorten = `UPDATE space_grant SET ends_at = now() + interval '1 hour' WHERE space_id = $1 AND user_id = $2`
  expect(await callDuring(shorten, 'add-grant', scene)).toMatchObject({
    code: 'beyond_own',
  })
})

test('four simultaneous deletions of a space add one deletion to the trail', async () => {
  const { space, spaceId, actor } = await makeScene('owner')
  const ctx = fixture.as(actor)
  await Promise.all(Array.from({ length: 4 }, () => deleteSpace(ctx, { space, confirmation: space.name })))
  const deletions = (await fixture.trailOf(spaceId)).filter(({ action }) => action === 'space.delete')
  expect(deletions).toEqual([{ action: 'space.delete', outcome: 'ok', reason: null }])
})
