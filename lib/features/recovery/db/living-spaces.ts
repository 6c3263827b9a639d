import { type Db, Prisma } from '#lib/kernel/db/client.ts'
import { living } from '#lib/kernel/db/spaces/effective-sql.ts'
import { type LoadedSpace, loadSpaces } from '#lib/kernel/db/spaces/load-desired-space.ts'

const pageSize = 500

/**
 * Loads the spaces of a cluster that people can use, 500 at a time, ordered by namespace.
 * @param at the time at which grants must be effective
 */
export async function* loadLivingSpaces(db: Db, cluster: string, at: Date): AsyncGenerator<LoadedSpace> {
  for (let after = ''; ; ) {
    const page = await loadSpaces(
      db,
      Prisma.sql`c.name = ${cluster} AND ${living} AND s.namespace COLLATE "C" > ${after} ORDER BY s.namespace COLLATE "C" LIMIT ${pageSize}`,
      at,
    )
    yield* page
    const last = page.at(-1)
    if (last === undefined) return
    after = last.wanted.namespace
  }
}

/** @returns the ids of a cluster’s spaces that are being deleted */
export async function selectDeletingSpaces(db: Db, cluster: string): Promise<Set<string>> {
  const where = { status: 'deleting' as const, cluster: { name: cluster } }
  return new Set((await db.space.findMany({ where, select: { id: true } })).map(({ id }) => id))
}
