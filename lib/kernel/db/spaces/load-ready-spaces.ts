import { type Db, Prisma } from '#lib/kernel/db/client.ts'
import { type LoadedSpace, loadSpaces } from './load-desired-space.ts'

const pageSize = 500

/**
 * Loads the spaces of a cluster that should be ready, at most 500 at a time, in the order in which the API server lists
 * what is in their namespaces (lib/kube/objects/walk-managed.ts).
 * @param after the namespace of the last space of the previous page; empty for the first page
 * @param at the instant at which grants must be effective
 */
export const loadReadySpaces = (db: Db, cluster: string, after: string, at: Date): Promise<LoadedSpace[]> =>
  loadSpaces(
    db,
    Prisma.sql`c.name = ${cluster} AND s.status = 'ready' AND (s.namespace || '/') COLLATE "C" > ${after && `${after}/`}
      ORDER BY (s.namespace || '/') COLLATE "C" LIMIT ${pageSize}`,
    at,
  )
