/**
 * A platform admin, auditor, provisioning token or operator's command must not gain access to someone else's space
 * unnoticed. Each of their actions runs here for a person without access to the space. The person gains nothing, or the
 * owner is notified.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownDatabase, type TestDatabase } from '#dev/testing/database/own-database.ts'
import {
  type BrokerFixture,
  issuerOfTests,
  openBrokerFixture,
  type TestContext,
} from '#dev/testing/fixtures/broker-fixture.ts'
import { policyScene } from '#dev/testing/fixtures/policy-scene.ts'
import { provision, reachOf, tokenOf } from '#dev/testing/fixtures/provisioning-scene.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { createBreakGlassCode } from '#lib/auth/break-glass/create-code.ts'
import { saveClaims } from '#lib/auth/db/save-claims.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { changeGrant } from '#lib/features/access/use-cases/change-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { removeGrant } from '#lib/features/access/use-cases/remove-grant.ts'
import { createCredential, createCredentialForAll } from '#lib/features/credentials/use-cases/create-credential.ts'
import { revokeCredentials } from '#lib/features/credentials/use-cases/revoke-credentials.ts'
import { offboardPerson } from '#lib/features/offboarding/use-cases/offboard-person.ts'
import { acceptOffer } from '#lib/features/offers/use-cases/accept-offer.ts'
import { listOffers } from '#lib/features/offers/use-cases/list-offers.ts'
import { offerSpace } from '#lib/features/offers/use-cases/offer-space.ts'
import { withdrawOffer } from '#lib/features/offers/use-cases/withdraw-offer.ts'
import { activateAdminRole } from '#lib/features/people/use-cases/activate-admin-role.ts'
import { deactivatePerson } from '#lib/features/people/use-cases/deactivate-person.ts'
import { endAdminRole } from '#lib/features/people/use-cases/end-admin-role.ts'
import { reactivatePerson } from '#lib/features/people/use-cases/reactivate-person.ts'
import { signOutPerson } from '#lib/features/people/use-cases/sign-out-person.ts'
import { changePolicy } from '#lib/features/policy/use-cases/change-policy.ts'
import { readPolicy } from '#lib/features/policy/use-cases/read-policy.ts'
import { decideRequest } from '#lib/features/requests/use-cases/decide-request.ts'
import { readRequest } from '#lib/features/requests/use-cases/read-request.ts'
import { requestRole } from '#lib/features/requests/use-cases/request-role.ts'
import { startReview } from '#lib/features/reviews/use-cases/start-review.ts'
import { changeUser } from '#lib/features/scim/use-cases/change-user.ts'
import { deleteGroup } from '#lib/features/scim/use-cases/delete-group.ts'
import { deleteUser } from '#lib/features/scim/use-cases/delete-user.ts'
import { removePushedGroup } from '#lib/features/scim/use-cases/remove-pushed-group.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { readSpaceInside } from '#lib/features/spaces/use-cases/read-space-inside.ts'
import { retrySpace } from '#lib/features/spaces/use-cases/retry-space.ts'
import { updateSpace } from '#lib/features/spaces/use-cases/update-space.ts'
import { createOwnerDb } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { type DefinedUseCase, isUseCase } from '#lib/kernel/define/define-use-case.ts'
import { auditActions } from '#lib/kernel/model/audit/audit-action.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { permissions } from '#lib/kernel/model/people/permission.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'

let database: TestDatabase
let fixture: BrokerFixture
let policy: ReturnType<typeof policyScene>
beforeAll(async () => {
  database = await ownDatabase()
  fixture = await openBrokerFixture({ database, offline: true })
  policy = policyScene(fixture, await fixture.person('policymaker', { platformRole: 'admin' }))
})
afterAll(() => fixture.close())

const reason = 'a test'
type Scene = Awaited<ReturnType<typeof makeScene>>

/**
 * A victim's space with a group that has a role, a request that a group decides on, and a person without access. That
 * person's sign-in lists the first group, which is pushed without them.
 */
async function makeScene(platformRole: 'admin' | 'auditor') {
  const [team, wardens, mine] = [uniqueName('team'), uniqueName('wardens'), uniqueName('mine')]
  const [victim, colleague, warden, asker] = await Promise.all([
    fixture.person('victim'),
    fixture.person('colleague'),
    fixture.person('warden', { groups: [wardens] }),
    fixture.person('asker'),
  ])
  const actor = await fixture.person('actor', { platformRole, groups: [team, mine] })
  const name = uniqueName('victims')
  const key = { name }
  await createSpace(fixture.as(victim), { name, description: '', size: 'S', endsAt: null })
  await addGrant(fixture.as(victim), { space: key, principal: `group:${team}`, role: 'viewer' })
  const { id: spaceId } = await readSpace(fixture.as(victim), key)
  const operator = await tokenOf(fixture, { makers: [] })
  const pushed = await operator.push(team, [await provision(operator.idp, colleague)])
  await policy.save({
    roleRequests: { deciders: { who: 'group', issuer: issuerOfTests, group: wardens }, approvals: 1 },
  })
  const request = await requestRole(fixture.as(asker), { space: key, role: 'viewer', minutes: null, reason })
  const { payloadHash } = await readRequest(fixture.as(asker), { id: request.id })
  await fixture.owner.query('DELETE FROM inbox_event WHERE user_id = $1', [victim.userId])
  return {
    key,
    spaceId,
    team,
    wardens,
    mine,
    victim,
    warden,
    actor,
    pushed,
    operator,
    request: { ...request, payloadHash },
  }
}

const worked = (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => true,
    (error: unknown) => {
      if (isAppError(error)) return false
      throw error
    },
  )

/** The person's access to the victim's space, everywhere it is decided. */
async function standingOf({ key, spaceId, request, actor }: Scene) {
  const ctx = await policy.arriving(actor)
  const { gateway, cluster } = await reachOf(fixture, actor, spaceId)
  const { rows } = await fixture.owner.query('SELECT owner_id FROM space WHERE id = $1', [spaceId])
  return {
    gateway,
    cluster,
    owns: rows[0].owner_id === actor.userId,
    inside: await worked(readSpaceInside(ctx, key)),
    kubeconfig: await worked(createCredential(ctx, { space: key })),
    decides: await readRequest(ctx, { id: request.id }).then(
      ({ mayDecide }) => mayDecide,
      () => false,
    ),
  }
}
const nothing = { gateway: false, cluster: false, owns: false, inside: false, kubeconfig: false, decides: false }

const newsOf = async ({ victim }: Scene): Promise<string[]> => {
  const { rows } = await fixture.owner.query('SELECT kind FROM inbox_event WHERE user_id = $1', [victim.userId])
  return rows.map(({ kind }) => kind)
}

/** The person's next sign-in, with the same groups. */
const signInAgain = ({ userId, name, email, groups }: Actor) =>
  inTransaction(fixture.services.db, (tx) =>
    saveClaims(
      tx,
      { id: userId, issuer: issuerOfTests },
      {
        ...{ name, email, emailUnverified: false },
        groups: { names: groups, leftOut: [], platformRoleOf: () => 'admin', listed: [] },
      },
      new Date(),
    ),
  )

const notified = 'gains, and the owner is notified'

/** Acts and checks what was gained, also after the next sign-in. */
async function assertNothingUnseen(scene: Scene, act: () => Promise<unknown>): Promise<string> {
  expect(await standingOf(scene)).toEqual(nothing)
  await worked(act())
  await worked(signInAgain(scene.actor))
  const { decides, ...after } = await standingOf(scene)
  const gained = Object.values(after).includes(true)
  const news = await newsOf(scene)
  if (gained) expect(news, `gained ${JSON.stringify(after)}`).not.toEqual([])
  if (decides) {
    // The right to decide alone gives no access: decisions notify the owner.
    const { id, payloadHash } = scene.request
    await decideRequest(await policy.arriving(scene.actor), { id, payloadHash, decision: 'approve' })
    expect(await newsOf(scene)).toContain('admin-act')
  }
  return gained || decides ? notified : 'nothing'
}

type Act = (ctx: TestContext, scene: Scene) => Promise<unknown>
/** `reads`: use cases that change nothing. `own`: one's own things. `token`: tested below. */
type Row = Act | 'reads' | 'own' | 'token'

const grantOfTeam = async ({ victim, key }: Scene) =>
  (await listGrants(fixture.as(victim), key)).grants.find(({ principal }) => principal.kind === 'group')?.id ?? ''

/** Each permission of a platform role, used to gain as much as possible. */
const rows: Record<string, Row> = {
  'create-space': (ctx, { key }) => createSpace(ctx, { ...key, description: '', size: 'S', endsAt: null }),
  'check-space-name': 'reads',
  'list-spaces': 'reads',
  'export-spaces': 'own',
  'search-groups': 'reads',
  'search-portal': 'reads',
  'read-space': 'reads',
  'read-space-activity': 'reads',
  'update-space': (ctx, { key }) => updateSpace(ctx, { space: key, description: 'mine' }),
  'release-space': 'own',
  'retry-space': (ctx, { key }) => retrySpace(ctx, { space: key }),
  async 'delete-space'(ctx, { key }) {
    await deleteSpace(ctx, { space: key, confirmation: key.name })
    return createSpace(ctx, { ...key, description: '', size: 'S', endsAt: null })
  },
  async 'offer-space'(ctx, { key, actor }) {
    await offerSpace(ctx, { space: key, to: `user:${actor.handle}`, reason })
    const [offer] = await listOffers(ctx)
    return acceptOffer(ctx, { id: offer?.id ?? '' })
  },
  'withdraw-offer': (ctx, { key }) => withdrawOffer(ctx, { space: key }),
  'list-offers': 'reads',
  'accept-offer': 'own',
  'decline-offer': 'own',
  async 'add-grant'(ctx, { key, actor, mine }) {
    await worked(addGrant(ctx, { space: key, principal: `user:${actor.handle}`, role: 'admin', reason }))
    return addGrant(ctx, { space: key, principal: `group:${mine}`, role: 'admin', reason })
  },
  'change-grant': async (ctx, scene) =>
    changeGrant(ctx, { space: scene.key, grantId: await grantOfTeam(scene), role: 'admin', reason }),
  'remove-grant': async (ctx, scene) =>
    removeGrant(ctx, { space: scene.key, grantId: await grantOfTeam(scene), reason }),
  'search-principals': 'reads',
  'create-credential-for-all': (ctx) => createCredentialForAll(ctx, {}),
  'list-credentials': 'reads',
  'revoke-credential': 'own',
  'request-space': 'own',
  async 'request-role'(ctx, { key }) {
    const { id } = await requestRole(ctx, { space: key, role: 'admin', minutes: null, reason })
    const { payloadHash } = await readRequest(ctx, { id })
    return decideRequest(ctx, { id, payloadHash, decision: 'approve' })
  },
  'list-requests': 'reads',
  'withdraw-request': 'own',
  'read-request': 'reads',
  'decide-request': (ctx, { request: { id, payloadHash } }) =>
    decideRequest(ctx, { id, payloadHash, decision: 'approve' }),
  'list-inbox': 'reads',
  'mark-read': 'own',
  'choose-mail': 'own',
  'keep-filters': 'own',
  'read-webhook': 'reads',
  'set-up-webhook': 'own',
  'change-webhook': 'own',
  'rotate-webhook-secret': 'own',
  'remove-webhook': 'own',
  'test-webhook': 'own',
  'read-cluster-notices': 'reads',
  'list-clusters': 'reads',
  'read-overview': 'reads',
  'list-open-requests': 'reads',
  'list-reviews': 'reads',
  'read-review': 'reads',
  'decide-review': 'own',
  'start-review': (ctx, { key }) =>
    startReview(ctx, {
      name: 'review',
      spaces: [key.name],
      dueAt: new Date(Date.now() + 7 * 86_400_000),
      undecided: 'revoke',
    }),
  'schedule-reviews': 'own',
  'extend-review': 'own',
  'close-review': 'own',
  'export-review': 'own',
  'list-people': 'reads',
  'read-person': 'reads',
  'read-access-report': 'reads',
  'export-access-report': 'own',
  'ask-cluster': 'own',
  'deactivate-person': (ctx, { victim }) => deactivatePerson(ctx, { id: victim.userId, reason }),
  /** Then no one is left to decide, so platform admins do. */
  'deactivate-person, who decides': (ctx, { warden }) => deactivatePerson(ctx, { id: warden.userId, reason }),
  async 'reactivate-person'(ctx, { actor, warden }) {
    await worked(reactivatePerson(ctx, { id: actor.userId, reason }))
    return reactivatePerson(ctx, { id: warden.userId, reason })
  },
  'offboard-person': (ctx, { victim, actor }) =>
    offboardPerson(ctx, {
      ...{ id: victim.userId, reason, confirmation: victim.handle },
      rest: { kind: 'hand-over', to: actor.handle },
    }),
  'sign-out-person': (ctx, { victim }) => signOutPerson(ctx, { id: victim.userId }),
  'end-own-sessions': 'own',
  'list-all-credentials': 'reads',
  'revoke-credentials': (ctx, { victim }) => revokeCredentials(ctx, { person: victim.handle, reason }),
  'revoke-own-credentials': 'own',
  'list-provisioning-tokens': 'reads',
  'create-provisioning-token': 'token',
  'approve-provisioning-token': 'token',
  'decline-provisioning-token': 'token',
  'take-over-provisioning-token': 'token',
  'revoke-provisioning-token': 'token',
  'freeze-provisioning': 'token',
  'unfreeze-provisioning': 'token',
  /** The actor's sign-in lists the group that is pushed without them. */
  'remove-pushed-group': (ctx, { pushed: { id } }) => removePushedGroup(ctx, { id, reason }),
  'read-policy': 'reads',
  async 'change-policy'(ctx, { mine }) {
    const { number: base, rules } = await readPolicy(ctx, {})
    const group = { issuer: issuerOfTests, group: mine }
    const deciding = { deciders: { who: 'group' as const, ...group }, approvals: 1 }
    return changePolicy(ctx, { base, rules: { ...rules, roleRequests: deciding, exemptGroups: [group] }, reason })
  },
  'try-policy': 'reads',
  'list-audit': 'reads',
  'export-audit': 'own',
  'verify-trail': 'own',
  'activate-admin-role': (ctx) => activateAdminRole(ctx, { reason, minutes: 5 }),
  'end-own-admin-role': 'own',
  'end-admin-role': (ctx, { warden }) => endAdminRole(ctx, { id: warden.userId, reason }),
  'acknowledge-break-glass-use': 'own',
}

/** These gain access and notify the owner; everything else gains nothing. */
const notifying = ['remove-pushed-group', 'change-policy', 'deactivate-person, who decides']
const acts = Object.entries(rows).filter((entry): entry is [string, Act] => typeof entry[1] === 'function')

describe('a platform admin without access to a space', () => {
  test.each(acts)('%s', async (permission, act) => {
    const scene = await makeScene('admin')
    const ctx = await policy.arriving(scene.actor)
    const outcome = await assertNothingUnseen(scene, () => act(ctx, scene))
    expect(outcome).toBe(notifying.includes(permission) ? notified : 'nothing')
  })
})

test('an auditor without access to a space gains nothing from any permission', async () => {
  const scene = await makeScene('auditor')
  const ctx = await policy.arriving(scene.actor)
  for (const [, act] of acts) await worked(act(ctx, scene))
  expect(await standingOf(scene)).toEqual(nothing)
})

test('every permission of a platform role has a row, and read permissions only guard views', async () => {
  const all = Object.entries(permissions).flatMap(([name, rule]) =>
    'platform' in rule || 'eligible' in rule ? [name] : [],
  )
  expect(all.filter((name) => !Object.hasOwn(rows, name))).toEqual([])
  const files = globSync('*/use-cases/*.ts', { cwd: import.meta.dirname })
    .filter((name) => !/\.i?test\.ts$/.test(name))
    .map((name) => join(import.meta.dirname, name))
  const changing: string[] = []
  for (const file of files) {
    const text = readFileSync(file, 'utf8')
    if (!/export const \w+ =\s+(view|change)\w+\(/.test(text)) continue
    const module: Record<string, unknown> = await import(/* @vite-ignore */ file)
    for (const [name, value] of Object.entries(module))
      if (isUseCase(value) && (value as DefinedUseCase).permissions.some((permission) => rows[permission] === 'reads'))
        if (!new RegExp(`const ${name} =\\s+view\\w+\\(`).test(text)) changing.push(name)
  }
  expect(changing).toEqual([])
})

/** What provisioning does, by trail action, with a token that the actor created. */
type Token = Awaited<ReturnType<typeof tokenOf>>
const pushes: Record<string, (token: Token, scene: Scene) => Promise<unknown>> = {
  'provisioning.user-create': ({ idp }, { actor }) => provision(idp, actor),
  async 'provisioning.user-change'({ idp }, { actor, warden }) {
    const setActive = (id: string, value: boolean) =>
      changeUser(idp, { id, ifMatch: null, change: { patch: [{ op: 'replace', path: 'active', value }] } })
    await setActive(await provision(idp, actor), true)
    return setActive(await provision(idp, warden), false)
  },
  'provisioning.user-delete': async ({ idp }, { victim }) =>
    deleteUser(idp, { id: await provision(idp, victim), ifMatch: null }),
  async 'provisioning.group-create'(token, { actor, victim, key, wardens }) {
    const group = uniqueName('fresh')
    await addGrant(fixture.as(victim), { space: key, principal: `group:${group}`, role: 'editor' })
    const id = await provision(token.idp, actor)
    await token.push(group, [id])
    return token.push(wardens, [id])
  },
  async 'provisioning.group-change'(token, { actor, pushed, team, operator }) {
    const id = await provision(token.idp, actor)
    await token.patch(pushed.id, { op: 'add', path: 'members', value: [{ value: id }] })
    const harmless = await operator.push(uniqueName('harmless'), [id])
    await token.patch(pushed.id, { op: 'replace', path: 'displayName', value: uniqueName('away') })
    return token.patch(harmless.id, { op: 'replace', path: 'displayName', value: team })
  },
  /** The actor's sign-in lists the group that is pushed without them. */
  'provisioning.group-delete': ({ idp }, { pushed: { id } }) => deleteGroup(idp, { id, ifMatch: null }),
}
/** Actions without a token: an admin's are above, and the worker's give nothing back that a token's don't. */
const notByToken = /^provisioning\.(token-|freeze|unfreeze|group-(remove|pause|resume))/

describe('a token created by a person without access to a space', () => {
  test.each(Object.entries(pushes))('%s', async (action, push) => {
    const scene = await makeScene('admin')
    const token = await tokenOf(fixture, { makers: [scene.actor] })
    const outcome = await assertNothingUnseen(scene, () => push(token, scene))
    // If no one is left to decide, platform admins do.
    const seen = ['provisioning.group-delete', 'provisioning.user-change']
    expect(outcome).toBe(seen.includes(action) ? notified : 'nothing')
  })

  test('every change by provisioning has a row', () => {
    const all = auditActions.filter((action) => action.startsWith('provisioning.') && !notByToken.test(action))
    expect(all.filter((action) => !Object.hasOwn(pushes, action))).toEqual([])
  })
})

/** What operators' commands do to permissions. Commands that give a platform role are covered above. */
const commands: Record<string, string | (() => Promise<unknown>)> = {
  web: 'a process',
  gateway: 'a process',
  worker: 'a process',
  migrate: 'the schema, without rows that give permissions: lib/kernel/db/migrate/migrate.itest.ts',
  admin: 'exports and rebuilds what there was: lib/features/recovery/use-cases/recovery.release.itest.ts',
  async 'break-glass'() {
    const db = createOwnerDb(database.ownerDatabaseUrl)
    await createBreakGlassCode({ db, issuer: issuerOfTests, hostname: 'test', at: new Date() }).finally(() =>
      db.$disconnect(),
    )
  },
  identity:
    'moves provisioned data between accounts of one person; the push notified owners: lib/auth/provider/change-subject-claim.release.itest.ts',
  'audit-webhook': 'tokens of clusters, which only write to the trail',
  'audit-verify': 'reads',
  'archive-trail': 'files of the trail',
  'pseudonymise-person':
    'removes the name of a person who left: lib/features/audit/operator/pseudonymise-person.release.itest.ts',
  'provisioning-token':
    'a token without makers; its pushes notify owners: lib/features/scim/use-cases/notify-owners.itest.ts',
}

test('every operator’s command has a row, and commands run here change no permissions', async () => {
  const script = readFileSync(new URL('../../bin/spaceport', import.meta.url), 'utf8')
  const names = [...script.matchAll(/^ {2}([a-z-]+)\)$/gm)].map(([, name]) => name ?? '')
  expect(names.length).toBeGreaterThan(8)
  expect(names.filter((name) => !Object.hasOwn(commands, name))).toEqual([])
  const rights = async () => {
    const { rows: found } = await fixture.owner.query(
      `SELECT (SELECT md5(string_agg(t::text, '' ORDER BY t.id)) FROM space_grant t) AS grants,
         (SELECT md5(string_agg(t.id::text || t.owner_id, '' ORDER BY t.id)) FROM space t) AS owners,
         (SELECT md5(string_agg(t::text, '' ORDER BY t.user_id, t."group")) FROM user_group t) AS claims,
         (SELECT md5(string_agg(t::text, '' ORDER BY t.group_id, t.user_id)) FROM scim_group_member t) AS pushed,
         (SELECT md5(string_agg(t.id::text || t.platform_role, '' ORDER BY t.id)) FROM user_account t) AS roles`,
    )
    return found[0]
  }
  const before = await rights()
  for (const command of Object.values(commands)) if (typeof command === 'function') await command()
  expect(await rights()).toEqual(before)
})
