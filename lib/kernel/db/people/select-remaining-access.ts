import { endsIntent, listed } from '#lib/kernel/db/audit/trail-sql.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import { living } from '#lib/kernel/db/spaces/effective-sql.ts'
import { type ActingKind, actingKinds, type RemainingAccess } from '#lib/kernel/model/people/remaining-access.ts'

/**
 * How many of a person's newest rows are read: too many to write unnoticed in order to hide an older one. Takes about a
 * second.
 */
const maxRows = 50_000

type Row = RemainingAccess['space'] & { ownerId: string; kind: ActingKind; object: string }

// Must match the partial indexes literally.
const acting = Prisma.raw(
  `IN (${Object.keys(actingKinds)
    .map((kind) => `'${kind}'`)
    .join(', ')})`,
)

/**
 * @returns the ServiceAccounts, Roles and RoleBindings in living spaces that a person created or changed through the
 * gateway and that weren't deleted through it; by space, at most `limit` objects
 */
export async function selectRemainingAccess(
  reader: Reader,
  personId: string,
  limit: number,
): Promise<RemainingAccess[]> {
  const rows = await runSql<Row>(
    reader,
    Prisma.sql`
    SELECT s.id, s.name, s.namespace, c.name AS cluster, s.owner_id AS "ownerId", m.kind, m.name AS object
    FROM (
      SELECT space_id, kind, name, max(seq) AS seq FROM (
      SELECT e.space_id, e.target_kind AS kind, coalesce(o.target_name, e.target_name) AS name, e.seq
      FROM audit_event e JOIN audit_event o ON ${endsIntent('o', 'e')}
      WHERE e.actor_id = ${personId}::uuid AND ${listed('e')} AND e.action IN ('kubectl.create', 'kubectl.update', 'kubectl.patch')
        AND e.target_kind ${acting} AND o.outcome = 'ok' AND e.detail ->> 'dryRun' IS NULL
      ORDER BY e.seq DESC LIMIT ${maxRows}) newest GROUP BY space_id, kind, name) m
      JOIN space s ON s.id = m.space_id JOIN cluster c ON c.id = s.cluster_id
    WHERE ${living} AND m.name IS NOT NULL AND NOT EXISTS (
      SELECT FROM audit_event d JOIN audit_event r ON ${endsIntent('r', 'd')}
      WHERE d.space_id = m.space_id AND d.target_kind = m.kind AND d.target_name = m.name AND d.seq > m.seq
        AND ${listed('d')} AND d.action = 'kubectl.delete' AND d.target_kind ${acting} AND r.outcome = 'ok'
        AND d.detail ->> 'dryRun' IS NULL)
    ORDER BY s.name, s.id, m.kind, m.name LIMIT ${limit}`,
  )
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((objects) => {
    const [first] = objects
    if (!first) return []
    const { id, name, cluster, namespace, ownerId } = first
    return [
      {
        space: { id, name, cluster, namespace },
        ownerId,
        objects: objects.map(({ kind, object }) => ({ kind, name: object })),
      },
    ]
  })
}
