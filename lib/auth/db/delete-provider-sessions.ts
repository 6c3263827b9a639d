import type { Tx } from '#lib/kernel/db/client.ts'

/** `sub`: of the logout token, whatever claim identifies people here. */
type Named = { issuer: string; sid?: string | undefined; sub?: string | undefined }

export type EndedAtProvider = { id: string; handle: string; name: string; sessions: number; credentials: string[] }

/**
 * Ends what an identity provider says is over: by its own session id, by the person, or by both. With a session id, the
 * person's sessions that were stored without one end too: any of them may be the one meant.
 * @param at when to revoke the person's credentials if the provider names only the person, since everything of theirs
 *   is then over; null keeps credentials
 * @returns the people whose sessions or credentials ended, each once
 */
export async function deleteProviderSessions(
  tx: Tx,
  { issuer, sid = null, sub = null }: { [K in keyof Named]: Named[K] | null },
  at: Date | null,
): Promise<EndedAtProvider[]> {
  if (sid === null && sub === null) return []
  const until = sid === null ? at : null
  return tx.$queryRaw`
    WITH named AS (
      SELECT u.id FROM user_account u WHERE u.issuer = ${issuer}
        AND (${sub}::text IS NULL OR (u.subject = ${sub} AND u.subject_claim = 'sub') OR u.oidc_sub = ${sub})
        AND (${sub}::text IS NOT NULL
          OR EXISTS (SELECT FROM session s WHERE s.user_id = u.id AND s.provider_sid = ${sid}))),
    ended AS (
      DELETE FROM session s USING named n
      WHERE s.user_id = n.id AND (${sid}::text IS NULL OR s.provider_sid IS NULL OR s.provider_sid = ${sid})
      RETURNING s.user_id),
    revoked AS (
      UPDATE credential c SET revoked_at = ${until}::timestamptz FROM named n
      WHERE ${until}::timestamptz IS NOT NULL AND c.user_id = n.id AND c.revoked_at IS NULL AND c.ends_at > ${until}::timestamptz
      RETURNING c.user_id, c.id)
    SELECT u.id, u.handle, u.name,
      (SELECT count(*)::int FROM ended e WHERE e.user_id = u.id) AS sessions,
      ARRAY(SELECT r.id::text FROM revoked r WHERE r.user_id = u.id) AS credentials
    FROM user_account u WHERE u.id IN (SELECT user_id FROM ended UNION SELECT user_id FROM revoked)`
}
