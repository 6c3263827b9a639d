import type { Db } from './client.ts'

export type CredentialRecord = {
  id: string
  space: { name: string; status: string; cluster: { name: string } } | null
  createdAt: Date
  endsAt: Date
  revokedAt: Date | null
  lastUsedAt: Date | null
  lastUsedAddress: string | null
}

const select = {
  id: true,
  space: { select: { name: true, status: true, cluster: { select: { name: true } } } },
  createdAt: true,
  endsAt: true,
  revokedAt: true,
  lastUsedAt: true,
  lastUsedAddress: true,
} as const
const orderBy = { createdAt: 'desc' } as const

/** @returns a person's credentials that are valid at an instant, newest first */
export const selectActiveCredentials = (db: Db, userId: string, at: Date): Promise<CredentialRecord[]> =>
  db.credential.findMany({ where: { userId, revokedAt: null, endsAt: { gt: at } }, orderBy, select })

/** @returns a person's credentials that are no longer valid, newest first; at most `limit` */
export const selectPastCredentials = (db: Db, userId: string, at: Date, limit: number): Promise<CredentialRecord[]> =>
  db.credential.findMany({
    where: { userId, OR: [{ revokedAt: { not: null } }, { endsAt: { lte: at } }] },
    orderBy,
    take: limit,
    select,
  })
