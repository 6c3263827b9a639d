import type { Db } from './client.ts'

/**
 * Ends the sessions that an identity provider speaks of: by its own session id, by the person, or by both.
 * @returns the people whose sessions ended, each once
 */
export async function deleteProviderSessions(
  db: Db,
  { issuer, sid, subject }: { issuer: string; sid?: string | undefined; subject?: string | undefined },
): Promise<{ id: string; handle: string; name: string; sessions: number }[]> {
  if (sid === undefined && subject === undefined) return []
  return db.$queryRaw`
    WITH ended AS (
      DELETE FROM session s USING user_account u
      WHERE u.id = s.user_id AND u.issuer = ${issuer}
        AND (${sid ?? null}::text IS NULL OR s.provider_sid = ${sid ?? null})
        AND (${subject ?? null}::text IS NULL OR u.subject = ${subject ?? null})
      RETURNING u.id, u.handle, u.name)
    SELECT id, handle, name, count(*)::int AS sessions FROM ended GROUP BY id, handle, name`
}
