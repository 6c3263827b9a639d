import type { Pool } from '#lib/kernel/db/pool.ts'

type DirectAccessRow = {
  spaceId: string
  user: string
  credential: string
  credentialId: string
  at: string
  address: string
  request: string
}

/** Per space. The least recently seen are removed. */
const maxPerSpace = 200

/**
 * Records direct access to spaces from a cluster’s audit. Future times become the current time. An older access never
 * replaces a newer one.
 */
export async function saveDirectAccess(pool: Pool, seen: readonly DirectAccessRow[]): Promise<void> {
  if (seen.length === 0) return
  await pool.query({
    name: 'note-sightings',
    // A fixed order prevents deadlocks between workers. A space may have been deleted in the meantime.
    text: `INSERT INTO direct_access AS c (space_id, user_name, credential, credential_id, first_seen_at, last_seen_at, last_address, last_request)
           SELECT r."spaceId", r."user", r.credential, r."credentialId", least(r.at, now()), least(r.at, now()), r.address, r.request
           FROM jsonb_to_recordset($1::jsonb) AS r("spaceId" uuid, "user" text, credential text, "credentialId" text, at timestamptz, address text, request text)
           JOIN space s ON s.id = r."spaceId" ORDER BY 1, 2, 3, 4
           ON CONFLICT (space_id, user_name, credential, credential_id) DO UPDATE
             SET last_seen_at = EXCLUDED.last_seen_at, last_address = EXCLUDED.last_address, last_request = EXCLUDED.last_request
             WHERE c.last_seen_at < EXCLUDED.last_seen_at`,
    values: [JSON.stringify(seen)],
  })
  await pool.query({
    name: 'bound-sightings',
    text: `DELETE FROM direct_access c USING (
             SELECT k.* FROM unnest($1::uuid[]) AS touched(space_id), LATERAL (
               SELECT s.space_id, s.user_name, s.credential, s.credential_id FROM direct_access s
               WHERE s.space_id = touched.space_id ORDER BY s.last_seen_at DESC OFFSET $2) k) old
           WHERE (c.space_id, c.user_name, c.credential, c.credential_id) = (old.space_id, old.user_name, old.credential, old.credential_id)`,
    values: [[...new Set(seen.map(({ spaceId }) => spaceId))], maxPerSpace],
  })
}

/** Deletes direct accesses before an instant, a few thousand at a time. */
export async function deleteOldDirectAccess(pool: Pool, before: Date): Promise<void> {
  await pool.query({
    name: 'forget-sightings',
    text: `DELETE FROM direct_access WHERE (space_id, user_name, credential, credential_id) IN (
             SELECT space_id, user_name, credential, credential_id FROM direct_access WHERE last_seen_at < $1
             ORDER BY last_seen_at LIMIT 5000)`,
    values: [before],
  })
}
