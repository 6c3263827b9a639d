import type { Db } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import type { Amounts, UsageSample } from '#lib/kernel/model/spaces/usage-sample.ts'
import { existing } from './effective-sql.ts'

type NewSample = { spaceId: string; namespace: string; used: Amounts; hard: Amounts }

/**
 * Adds a sample of each of a cluster's spaces in one statement. Keeps another worker's samples, and drops those of
 * spaces that are gone, as in space-row.ts.
 */
export async function insertUsageSamples(
  db: Db,
  cluster: string,
  at: Date,
  samples: readonly NewSample[],
): Promise<void> {
  await db.$executeRaw`
    INSERT INTO usage_sample (at, space_id, used, hard)
    SELECT ${at}, s.id, r.used, r.hard
    FROM jsonb_to_recordset(${JSON.stringify(samples)}::jsonb) AS r("spaceId" uuid, namespace text, used real[], hard real[])
    JOIN cluster c ON c.name = ${cluster}
    JOIN space s ON s.id = r."spaceId" AND s.cluster_id = c.id AND s.namespace = r.namespace AND ${existing}
    ORDER BY s.id
    ON CONFLICT (at, space_id) DO NOTHING`
}

/** @returns the samples of a space at those of the instants that have one; one index lookup each */
export async function selectUsageSamples(
  pool: Pool,
  spaceId: string,
  instants: readonly Date[],
): Promise<UsageSample[]> {
  const { rows } = await pool.query<UsageSample>({
    name: 'select-usage-samples',
    // OFFSET keeps the planner from joining the other way round, through all spaces of a week.
    text: `SELECT t.at, u.used, u.hard FROM unnest($2::timestamptz[]) AS t(at), LATERAL (
             SELECT s.used, s.hard FROM usage_sample s WHERE s.at = t.at AND s.space_id = $1 OFFSET 0) u`,
    values: [spaceId, instants],
  })
  return rows
}

type OutdatedSamples = { before: Date; between: readonly Date[] }

/** Deletes expired samples, at most `most` rows of each kind. @returns how many */
export async function deleteUsageSamples(
  pool: Pool,
  { before, between }: OutdatedSamples,
  most: number,
): Promise<number> {
  const old = await pool.query({
    name: 'delete-old-usage-samples',
    text: `DELETE FROM usage_sample WHERE (at, space_id) IN (
             SELECT at, space_id FROM usage_sample WHERE at < $1 ORDER BY at, space_id LIMIT $2)`,
    values: [before, most],
  })
  const thinned = await pool.query({
    name: 'thin-usage-samples',
    text: `DELETE FROM usage_sample WHERE (at, space_id) IN (
             SELECT at, space_id FROM usage_sample WHERE at = ANY ($1::timestamptz[]) ORDER BY at, space_id LIMIT $2)`,
    values: [between, most],
  })
  return (old.rowCount ?? 0) + (thinned.rowCount ?? 0)
}
