import type { Pool } from '#lib/kernel/db/pool.ts'

/** An object's namespace, and the space id in its label. */
export type Labelled = { namespace: string; spaceId: string }

/**
 * @param since spaces deleted after this still count, because the API server may list from an older state
 * @returns the objects whose namespace is not the space in their label
 */
export async function selectStrays<T extends Labelled>(
  pool: Pool,
  cluster: string,
  labelled: readonly T[],
  since: Date,
): Promise<T[]> {
  if (labelled.length === 0) return []
  const { rows } = await pool.query<{ place: number }>({
    name: 'select-strays',
    text: `SELECT asked.place::integer - 1 AS place
      FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS asked (namespace, space_id, place) WHERE NOT EXISTS (
        SELECT FROM space s JOIN cluster c ON c.id = s.cluster_id
        WHERE c.name = $1 AND s.namespace = asked.namespace AND (asked.space_id = '' OR s.id::text = asked.space_id)
          AND (s.deleted_at IS NULL OR s.deleted_at > $4))
      ORDER BY asked.place`,
    values: [cluster, labelled.map(({ namespace }) => namespace), labelled.map(({ spaceId }) => spaceId), since],
  })
  return rows.flatMap(({ place }) => labelled[place] ?? [])
}
