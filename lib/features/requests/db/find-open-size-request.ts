import type { Pool } from '#lib/kernel/db/pool.ts'
import { parsePayload } from '#lib/kernel/model/requests/parse-payload.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'

export type OpenSizeRequest = { id: string; size: Size; requesterId: string; requester: string; createdAt: Date }

/** @returns the newest request for a larger size of a space that waits, whoever’s it is, or null */
export async function findOpenSizeRequest(pool: Pool, spaceId: string, at: Date): Promise<OpenSizeRequest | null> {
  const { rows } = await pool.query<Omit<OpenSizeRequest, 'size'> & { payload: unknown }>({
    name: 'find-open-size-request',
    text: `SELECT r.id, r.payload, r.requester_id AS "requesterId", u.name AS requester, r.created_at AS "createdAt"
           FROM request r JOIN user_account u ON u.id = r.requester_id
           WHERE r.space_id = $1 AND r.state = 'open' AND r.kind = 'size' AND r.expires_at > $2
           ORDER BY r.created_at DESC LIMIT 1`,
    values: [spaceId, at],
  })
  const [row] = rows
  if (!row) return null
  const { payload, ...found } = row
  const asked = parsePayload(payload)
  return asked.kind === 'size' ? { ...found, size: asked.size } : null
}
