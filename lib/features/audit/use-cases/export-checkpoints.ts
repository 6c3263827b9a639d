import { selectCheckpointPage } from '#lib/features/audit/db/chain/checkpoints.ts'
import { nothing } from '#lib/kernel/define/view-platform.ts'
import { viewRecorded } from '#lib/kernel/define/view-recorded.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

const pageSize = 1_000
/** Ten years, with one checkpoint every five minutes. */
const maxPages = 1_100

/**
 * Exports all checkpoints of the trail, for storage out of reach of anyone who can write to the database: one JSON
 * object per line, with statement and signature. The download is recorded in the trail.
 * @returns the file's text in pieces
 * @throws AppError forbidden, trail_unavailable
 */
export const exportCheckpoints = viewRecorded({
  permission: 'export-audit',
  action: 'trail.checkpoints-export',
  input: nothing,
  about: () => ({ target: { kind: 'trail' } }),
  read: ({ ctx }) => pieces(ctx),
})

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

async function* pieces({ pool }: BrokerContext): AsyncIterable<string> {
  let after = '0'
  for (let page = 0; page < maxPages; page++) {
    const rows = await selectCheckpointPage(pool, after, pageSize)
    yield rows
      .map(({ statement, signature }) => `${JSON.stringify({ statement, signature: base64(signature) })}\n`)
      .join('')
    if (rows.length < pageSize) return
    after = rows.at(-1)?.block ?? after
  }
}
