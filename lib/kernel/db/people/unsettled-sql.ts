import { Prisma } from '#lib/kernel/db/client.ts'
import { existing } from '#lib/kernel/db/spaces/effective-sql.ts'

/**
 * A few of the spaces that somebody who left held on a cluster, part `p`, and whose cluster has not followed yet, as SQL.
 * One whose namespace isn't known counts, too: a reconcile may be creating it, and binding them, right now.
 */
export const unsettledSql = Prisma.sql`ARRAY(
  SELECT s.name FROM space s WHERE s.id = ANY (p.spaces_held) AND ${existing} AND s.status <> 'deleting'
    AND s.observed_generation < s.generation ORDER BY s.name LIMIT 20)`
