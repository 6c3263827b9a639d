/**
 * @param alias of a row of audit_event in the query
 * @returns the row's values as TrailRow's fields, as the texts that its hash is computed from
 */
export const sealedRowColumns = (alias: string): string =>
  `${alias}.seq::text AS seq, ${alias}.id::text AS id, ${alias}.intent_id::text AS "intentId",
  trail_time(${alias}.recorded_at) AS "recordedAt", ${alias}.action, trail_time(${alias}.at) AS at,
  ${alias}.actor_kind AS "actorKind", ${alias}.actor_id::text AS "actorId", ${alias}.target_kind AS "targetKind",
  ${alias}.target_id AS "targetId", ${alias}.space_id::text AS "spaceId", ${alias}.namespace, ${alias}.observer,
  ${alias}.destination, ${alias}.outcome::text AS outcome, ${alias}.reason, ${alias}.request_id AS "requestId",
  ${alias}.cluster_audit_id AS "clusterAuditId", ${alias}.route, ${alias}.actor_handle AS "actorHandle",
  ${alias}.actor_name AS "actorName", ${alias}.target_name AS "targetName", ${alias}.source_address AS "sourceAddress",
  ${alias}.user_agent AS "userAgent", ${alias}.detail::text AS detail, ${alias}.salt::text AS salt,
  encode(${alias}.personal_hash, 'hex') AS "personalHash"`

/** The head of a block `b`, as BlockHead's fields. */
export const blockColumns = `b.number::float8 AS number, b.month, encode(b.previous, 'hex') AS previous,
  encode(b.hash, 'hex') AS hash, trail_time(b.sealed_at) AS "sealedAt", b.rows`
