import { randomUUID } from 'node:crypto'
import { Prisma, type Tx } from '#lib/db/client.ts'
import type { FoundGrant } from '#lib/db/find-grant.ts'
import { AppError } from '#lib/domain/errors.ts'
import type { Role } from '#lib/domain/role.ts'
import type { ResolvedPrincipal } from './resolve-principal.ts'

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

/** @returns the principal that a stored grant names */
export function principalOf(grant: FoundGrant): ResolvedPrincipal {
  if (grant.group !== null) return { kind: 'group', group: grant.group, issuer: grant.groupIssuer ?? '' }
  return {
    kind: 'user',
    user: {
      userId: grant.userId ?? '',
      handle: grant.user?.handle ?? '',
      name: grant.user?.name ?? '',
      email: grant.user?.email ?? '',
    },
  }
}

/** @returns how the trail names a principal: a group with its provider, which may be another one later */
export const describePrincipal = (principal: ResolvedPrincipal): { principal: string; issuer?: string } =>
  principal.kind === 'user'
    ? { principal: `user:${principal.user.handle}` }
    : { principal: `group:${principal.group}`, issuer: principal.issuer }
