import { addGrant } from '#lib/broker/access/add-grant.ts'
import { listGrants } from '#lib/broker/access/list-grants.ts'
import { readRequest } from '#lib/broker/requests/read-request.ts'
import { requestRole } from '#lib/broker/requests/request-role.ts'
import { requestSpace } from '#lib/broker/requests/request-space.ts'
import { advanceReviews } from '#lib/broker/reviews/advance-reviews.ts'
import { readReview } from '#lib/broker/reviews/read-review.ts'
import { startReview } from '#lib/broker/reviews/start-review.ts'
import { createSpace } from '#lib/broker/spaces/create-space.ts'
import type { SpaceKey } from '#lib/broker/use-case/authorize.ts'
import type { Actor } from '#lib/domain/person.ts'
import type { Standing } from '#lib/domain/role.ts'
import type { BrokerFixture } from './broker-fixture.ts'
import { uniqueName } from './unique-name.ts'

/** Everyone in the permission matrix: each standing in a space, and each platform role without one. */
export const columns = ['stranger', 'viewer', 'editor', 'spaceAdmin', 'owner', 'auditor', 'platformAdmin'] as const
export type Column = (typeof columns)[number]
export const standings: Partial<Record<Column, Standing>> = {
  viewer: 'viewer',
  editor: 'editor',
  spaceAdmin: 'admin',
  owner: 'owner',
}

/** One space with someone in every standing, and pending requests. */
export type MatrixScene = {
  key: SpaceKey
  actors: Record<Column, Actor>
  /** Another member, and their grant. */
  other: Actor
  grantId: string
  roleRequest: { id: string; payloadHash: string }
  spaceRequest: { id: string; payloadHash: string }
  /** A review of the space, and its line about the other member. */
  review: { id: string; line: string }
}

export async function makeMatrixScene(fixture: BrokerFixture): Promise<MatrixScene> {
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
  const role = await requestRole(fixture.as(asker), { space: key, role: 'viewer', minutes: null, reason: 'to look' })
  const large = await requestSpace(fixture.as(asker), {
    name: uniqueName('large'),
    description: '',
    size: 'L',
    endsAt: null,
    reason: 'a big one',
  })
  const { id: review } = await startReview(fixture.as(platformAdmin), {
    name: uniqueName('review'),
    spaces: [key.name],
    dueAt: new Date(Date.now() + 7 * 86_400_000),
    undecided: 'keep',
  })
  await advanceReviews(fixture.system())
  const { lines } = await readReview(ctx, { id: review, filter: { search: other.handle } })
  const hashOf = async (id: string) => (await readRequest(fixture.as(asker), { id })).payloadHash
  return {
    key,
    actors: { stranger, viewer, editor, spaceAdmin, owner, auditor, platformAdmin },
    grantId,
    other,
    roleRequest: { id: role.id, payloadHash: await hashOf(role.id) },
    spaceRequest: { id: large.id, payloadHash: await hashOf(large.id) },
    review: { id: review, line: lines[0]?.id ?? '' },
  }
}
