import type { Db, Tx } from '#lib/kernel/db/client.ts'

export type OpenOffboarding = { id: string; person: { id: string; handle: string } }

/** @returns an offboarding in force whose certificate is open; null when there is none with this id */
export const findOpenOffboarding = (db: Db | Tx, id: string): Promise<OpenOffboarding | null> =>
  db.offboarding.findFirst({
    where: { id, reactivatedAt: null, completedAt: null },
    select: { id: true, person: { select: { id: true, handle: true } } },
  })

/**
 * Has the clusters asked now that would be asked later. A worker that is asking one loses its lease: it is asked once more.
 * @returns how many clusters
 */
export const askOffboardingAgainNow = (tx: Tx, id: string, at: Date): Promise<number> =>
  tx.$executeRaw`
    UPDATE offboarding_cluster SET next_at = ${at} WHERE offboarding_id = ${id}::uuid AND finished_at IS NULL AND next_at > ${at}`
