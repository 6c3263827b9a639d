import { randomBytes, randomUUID } from 'node:crypto'
import { changeGroup } from '#lib/broker/provisioning/change-group.ts'
import { createGroup } from '#lib/broker/provisioning/create-group.ts'
import { createUser } from '#lib/broker/provisioning/create-user.ts'
import type { ProvisioningSettings } from '#lib/broker/use-case/context.ts'
import { ProvisionerContext } from '#lib/broker/use-case/provisioner-context.ts'
import { loadDesiredSpace } from '#lib/db/load-desired-space.ts'
import { selectAccess } from '#lib/db/select-access.ts'
import type { Actor } from '#lib/domain/person.ts'
import { foldGroupPatch, parseGroup } from '#lib/scim/group.ts'
import { parsePatch } from '#lib/scim/parse-patch.ts'
import { patchOp } from '#lib/scim/urns.ts'
import { parseUser } from '#lib/scim/user.ts'
import type { BrokerFixture } from './broker-fixture.ts'

type Token = {
  /** People who had a hand in it; none: the operator's command made it. */
  makers: readonly Actor[]
  roles?: Pick<ProvisioningSettings, 'adminGroups' | 'auditorGroups'>
  /** SPACEPORT_PUSHED_PRIVILEGED_GROUPS */
  listed?: readonly string[]
  /** SPACEPORT_SIGN_IN_GROUPS */
  signInGroups?: readonly string[]
  /** OIDC_SUBJECT_CLAIM */
  subjectClaim?: string
}

/** @returns what acts with a new provisioning token; it replaces the last but one, since two can be in force */
export async function tokenOf(
  fixture: BrokerFixture,
  { makers, roles, listed = [], signInGroups = [], subjectClaim = 'sub' }: Token,
) {
  const tokenId = randomUUID()
  const { rows } = await fixture.owner.query<{ slot: number }>(
    'UPDATE scim_token SET revoked_at = now() WHERE id = (SELECT id FROM scim_token WHERE revoked_at IS NULL ORDER BY created_at DESC LIMIT 1 OFFSET 1) RETURNING slot',
  )
  const { rows: taken } = await fixture.owner.query<{ slot: number }>(
    'SELECT slot FROM scim_token WHERE revoked_at IS NULL',
  )
  const slot = rows[0]?.slot ?? [1, 2].find((one) => taken.every((token) => token.slot !== one))
  await fixture.owner.query(
    `INSERT INTO scim_token (id, name, slot, token_hash, created_at, last_used_at, created_by_id) VALUES ($1, 'a token', $2, $3, clock_timestamp(), now(), $4)`,
    [tokenId, slot, randomBytes(32), makers[0]?.userId ?? null],
  )
  for (const { userId } of makers.slice(1))
    await fixture.owner.query('INSERT INTO scim_token_maker (token_id, user_id) VALUES ($1, $2)', [tokenId, userId])
  const idp = new ProvisionerContext({
    ...fixture.services,
    provisioner: { tokenId, name: 'a token', makers: makers.map(({ handle }) => handle) },
    policy: { ...fixture.services.policy, pushedPrivilegedGroups: listed },
    signInGroups,
    settings: {
      subject: 'externalId',
      subjectClaim,
      adminGroups: [],
      auditorGroups: [],
      ...roles,
      base: 'https://spaceport.test/scim/v2',
    },
    origin: { observer: 'web/test', requestId: 'test', sourceAddress: '127.0.0.1' },
  })
  const groupOf = (displayName: string, members: readonly string[]) =>
    parseGroup({ displayName, members: members.map((value) => ({ value })) })
  return {
    idp,
    tokenId,
    push: (displayName: string, members: readonly string[] = []) => createGroup(idp, groupOf(displayName, members)),
    /** Replaces a group, as PUT does. */
    put: (id: string, displayName: string, members: readonly string[]) =>
      changeGroup(idp, {
        id,
        ifMatch: null,
        change: { displayName, externalId: null, replace: true, add: new Set(members), remove: new Set() },
        withMembers: true,
      }),
    patch: (id: string, ...Operations: object[]) =>
      changeGroup(idp, {
        id,
        ifMatch: null,
        change: foldGroupPatch(parsePatch({ schemas: [patchOp], Operations })),
        withMembers: true,
      }),
  }
}

/** Provisions a person who has signed in. @returns their id in SCIM */
export async function provision(idp: ProvisionerContext, { userId, email }: Actor): Promise<string> {
  const user = parseUser({ userName: email, externalId: userId }, 'externalId')
  return (await createUser(idp, user)).id
}

/** @returns what somebody may do in a space by the gateway, and by what is put on the cluster */
export async function reachOf({ services, owner }: BrokerFixture, { userId }: Actor, spaceId: string) {
  const tokenHash = randomBytes(32)
  await owner.query(
    `INSERT INTO credential (id, user_id, token_hash, created_at, ends_at) VALUES ($1, $2, $3, now(), now() + interval '1 hour')`,
    [randomUUID(), userId, tokenHash],
  )
  const [access] = await selectAccess(services.pool, [tokenHash.toString('hex')], 'open')
  const desired = await loadDesiredSpace(services.db, spaceId, new Date())
  const now = Date.now()
  return {
    gateway:
      access?.spans.some((span) => span.spaceId === spaceId && (span.pausesAt === null || span.pausesAt > now)) ??
      false,
    cluster: desired?.wanted.members.some(({ member }) => member.userId === userId) ?? false,
  }
}
