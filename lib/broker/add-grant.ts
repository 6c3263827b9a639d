import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Prisma, type Tx } from '../db/client.ts'
import { touchSpace } from '../db/enqueue-reconcile.ts'
import { AppError } from '../domain/errors.ts'
import { type Role, roles } from '../domain/role.ts'
import { aboutSpace, assertLiving, authorizeSpace, spaceKey } from './authorize.ts'
import type { BrokerContext } from './context.ts'
import { endsAt } from './create-space.ts'
import { holdSpace } from './hold-space.ts'
import { assertReason, judgeGiving } from './judge-giving.ts'
import { recorded } from './recorded.ts'
import { type ResolvedPrincipal, resolvePrincipal } from './resolve-principal.ts'
import { settleSoon } from './settle-soon.ts'
import { tellOwner, toPrincipal } from './tell-owner.ts'

/** Why a platform admin gives by office; otherwise it may be left out. */
export const officeReason = z.string().trim().max(1_000).default('')

export const addGrantInput = z.strictObject({
  space: spaceKey,
  principal: z.string().trim().min(1, 'Choose a person or a group.').max(1_100),
  role: z.enum(roles),
  endsAt: endsAt.default(null),
  reason: officeReason,
})

/**
 * Gives a person or a group a role in a space, for good or until an instant: no more than the giver holds, but by an owner,
 * and by a platform admin with a reason, which is told to the owner at once.
 * @returns who got it
 * @throws AppError principal_unknown, grant_exists, grant_owner, own_gain, beyond_own, end_in_past; bad_input without a reason
 */
export async function addGrant(ctx: BrokerContext, input: z.input<typeof addGrantInput>): Promise<ResolvedPrincipal> {
  return recorded(
    ctx,
    'grant.add',
    { target: { kind: 'space', name: input.space.name }, detail: { role: input.role, principal: input.principal } },
    async (record) => {
      const { role, endsAt = null, reason = '' } = input
      const space = await authorizeSpace(ctx, 'add-grant', input.space)
      record.about(aboutSpace(space))
      assertLiving(space)
      assertFuture(ctx, endsAt)
      const principal = await resolvePrincipal(ctx, input.principal)
      const way = await judgeGiving(ctx, ctx.db, space.id, principal, { role, endsAt })
      assertReason(way, reason)
      assertNotOwner(principal, space)
      record.about({
        detail: {
          ...describePrincipal(principal),
          endsAt,
          ...(way === 'office' && { byOffice: true, reason }),
        },
      })
      await record.commit(async (tx) => {
        const held = await holdSpace(ctx, tx, 'add-grant', space.id)
        assertLiving(held.space)
        assertNotOwner(principal, held.space)
        if ((await judgeGiving(held.now, tx, space.id, principal, { role, endsAt })) !== way)
          throw new AppError('space_busy')
        await insertGrant(tx, {
          spaceId: space.id,
          principal,
          role,
          startsAt: ctx.clock(),
          endsAt,
          createdById: ctx.actor.userId,
          requestId: null,
          withheldFrom: way === 'office' ? [ctx.actor.userId] : [],
        })
        if (way === 'office') {
          await tellOwner(ctx, tx, held.space, {
            kind: 'grant',
            to: toPrincipal(ctx, principal),
            role,
            endsAt: endsAt?.toISOString() ?? null,
            before: null,
            reason,
          })
        }
        await touchSpace(tx, space.id)
      })
      await settleSoon(ctx, space.id)
      return principal
    },
  )
}

export type NewGrant = {
  spaceId: string
  principal: ResolvedPrincipal
  role: Role
  startsAt: Date
  endsAt: Date | null
  createdById: string
  requestId: string | null
  /** Platform admins who give it by office. */
  withheldFrom: string[]
}

/** Adds a grant; an ended one of the same principal makes room. Used by approvals too. @throws AppError grant_exists */
export async function insertGrant(tx: Tx, { principal, ...grant }: NewGrant): Promise<void> {
  const who =
    principal.kind === 'user'
      ? { userId: principal.user.userId }
      : { group: principal.group, groupIssuer: principal.issuer }
  if (grant.requestId === null) {
    await tx.grant.updateMany({
      where: { spaceId: grant.spaceId, ...who, requestId: null, removedAt: null, endsAt: { lte: grant.startsAt } },
      data: { removedAt: grant.startsAt },
    })
  }
  try {
    await tx.grant.create({ data: { id: randomUUID(), ...grant, ...who } })
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002') {
      throw new AppError('grant_exists', {
        fields: { principal: 'They already have a role here. Change that one instead.' },
      })
    }
    throw error
  }
}

/** @throws AppError grant_owner */
function assertNotOwner(principal: ResolvedPrincipal, space: { ownerId: string }): void {
  if (principal.kind === 'user' && principal.user.userId === space.ownerId) throw new AppError('grant_owner')
}

/** @throws AppError end_in_past */
export function assertFuture(ctx: BrokerContext, end: Date | null): void {
  if (end && end <= ctx.clock())
    throw new AppError('end_in_past', { fields: { endsAt: 'The end date must be in the future.' } })
}

/** @returns how the trail names a principal: a group with its provider, which may be another one later */
export const describePrincipal = (principal: ResolvedPrincipal): { principal: string; issuer?: string } =>
  principal.kind === 'user'
    ? { principal: `user:${principal.user.handle}` }
    : { principal: `group:${principal.group}`, issuer: principal.issuer }
