import type { Pool } from '#lib/kernel/db/pool.ts'
import { existingText, livingText } from '#lib/kernel/db/spaces/effective-sql.ts'

/** The object on a cluster that declares a space. */
export type DeclaringObject = { spaceId: string; namespace: string; name: string; uid: string; isOwner: boolean }

/**
 * @param spaceIds spaces on one cluster
 * @param userId for `isOwner`: whether this person owns the space
 * @returns the objects that declare these spaces, if any
 */
export async function selectDeclaringObjects(
  pool: Pool,
  spaceIds: readonly string[],
  userId: string,
): Promise<DeclaringObject[]> {
  const { rows } = await pool.query<DeclaringObject>({
    name: 'select-declaring-objects',
    text: `
      SELECT s.id AS "spaceId", s.declared_namespace AS namespace, s.name, s.declared_uid AS uid,
        s.owner_id = $2::uuid AS "isOwner"
      FROM space s
      WHERE s.id = ANY($1::uuid[]) AND s.declared_namespace IS NOT NULL AND s.declared_uid IS NOT NULL AND ${livingText}`,
    values: [spaceIds, userId],
  })
  return rows
}

/** @returns the namespaces that belong to no space; in a space's namespace, members could write */
export async function selectSpacelessNamespaces(
  pool: Pool,
  cluster: string,
  namespaces: readonly string[],
): Promise<string[]> {
  const { rows } = await pool.query<{ namespace: string }>({
    name: 'select-spaceless-namespaces',
    text: `
      SELECT namespace FROM unnest($1::text[]) given (namespace)
      WHERE NOT EXISTS (SELECT FROM space s JOIN cluster c ON c.id = s.cluster_id
        WHERE c.name = $2 AND s.namespace = given.namespace AND ${existingText})`,
    values: [namespaces, cluster],
  })
  return rows.map(({ namespace }) => namespace)
}
