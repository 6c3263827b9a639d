import { randomUUID } from 'node:crypto'
import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { Group } from '#lib/kernel/db/people/group-members.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

export type NewGrant = {
  spaceId: string
  principal: { kind: 'user'; user: { userId: string } } | ({ kind: 'group' } & Group)
  role: Role
  startsAt: Date
  awaitsStart?: boolean
  endsAt: Date | null
  createdById: string
  requestId: string | null
  /** Platform admins who gave it by platform role. */
  withheldFrom: string[]
}

/** Adds a grant, replacing an ended one of the same principal. @throws AppError grant_exists */
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
