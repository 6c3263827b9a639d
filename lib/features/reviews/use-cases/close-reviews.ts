import { createHash } from 'node:crypto'
import {
  type ClosingReview,
  countReview,
  insertReportPiece,
  lockClosingReview,
  markReviewClosed,
  selectReportedLines,
} from '#lib/features/reviews/db/close-review.ts'
import { refreshLines, saveEnd } from '#lib/features/reviews/db/decide-review-lines.ts'
import { type LockedLine, lockUndecidedLines } from '#lib/features/reviews/db/lock-review-lines.ts'
import { settleOpenLines } from '#lib/features/reviews/model/classify-line.ts'
import { reportFrame, reportLines } from '#lib/features/reviews/model/review-report.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { selectAdminIds } from '#lib/kernel/db/people/admins.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { issuersInUse } from '#lib/kernel/use-case/issuers-in-use.ts'
import { notifyPeople } from '#lib/kernel/use-case/notify-people.ts'
import { writeSystemEvent } from '#lib/kernel/use-case/write-system-event.ts'
import { revokeLines } from './settle-lines.ts'

/** Lines per transaction. */
const batch = 500
const pieceLines = 1_000
/** A report of 40,000 lines takes seconds. */
const batchMs = 120_000

/**
 * Settles the next undecided lines of an ended review. When none are left, writes its report.
 * @returns whether there was a review to close
 */
export function closeNext(ctx: SystemContext): Promise<boolean> {
  return inTransaction(
    ctx.db,
    async (tx) => {
      const review = await lockClosingReview(tx)
      if (!review) return false
      const lines = await lockUndecidedLines(tx, review.id, { at: ctx.clock(), limit: batch })
      if (lines.length > 0) await settleUndecided(ctx, tx, review, lines)
      else await writeReport(ctx, tx, review)
      return true
    },
    batchMs,
  )
}

async function settleUndecided(ctx: SystemContext, tx: Tx, review: ClosingReview, lines: readonly LockedLine[]) {
  const at = ctx.clock()
  const by = Map.groupBy(lines, (line) => settleOpenLines(line, review.undecided))
  const idsOf = (verdict: ReturnType<typeof settleOpenLines>) => (by.get(verdict) ?? []).map(({ id }) => id)
  const differing = lines.filter(
    ({ now, role, endsAt }) => now && (now.role !== role || now.endsAt?.getTime() !== endsAt?.getTime()),
  )
  await refreshLines(
    tx,
    differing.map(({ id }) => id),
  )
  await saveEnd(tx, idsOf('keep'), { state: 'kept', reason: null, at })
  await saveEnd(tx, idsOf('ended'), { state: 'ended', reason: null, at })
  await saveEnd(tx, idsOf('undecided'), { state: 'undecided', reason: null, at })
  await saveEnd(tx, idsOf('revoke'), { state: 'revoked', reason: null, at })
  const why = { review: { id: review.id, name: review.name }, reason: 'Not decided in time.' }
  await revokeLines(ctx, tx, by.get('revoke') ?? [], why)
}

async function writeReport(ctx: SystemContext, tx: Tx, review: ClosingReview): Promise<void> {
  const { id, name, byId } = review
  const at = ctx.clock()
  const { counts, nobody, clusters } = await countReview(tx, id)
  const { head, tail } = reportFrame({ ...review, counts, clusters }, at)
  const hash = createHash('sha256')
  let number = 0
  const add = async (text: string) => {
    hash.update(text)
    await insertReportPiece(tx, id, number++, text)
  }
  await add(head)
  for (let after: string | null = null; ; ) {
    const lines = await selectReportedLines(tx, id, { after, limit: pieceLines })
    if (lines.length > 0) await add(`${after === null ? '' : ','}${reportLines(lines)}`)
    if (lines.length < pieceLines) break
    after = lines.at(-1)?.id ?? null
  }
  await add(tail)
  const sha256 = hash.digest('hex')
  await markReviewClosed(tx, id, sha256, at)
  await writeSystemEvent(ctx, tx, {
    action: 'review.close',
    target: { kind: 'review', id, name },
    destination: 'portal',
    detail: {
      sha256,
      counts,
      nobodyDecided: nobody,
      clusters: clusters.map(({ name: of, failure }) => ({ name: of, failure })),
    },
  })
  const { kept, revoked, lowered, flagged } = counts
  const decided = kept + revoked + lowered + flagged - nobody.kept - nobody.revoked
  // Scheduled reviews have no starter.
  const to = byId === null ? await selectAdminIds(tx, await issuersInUse(ctx, tx)) : [byId]
  await notifyPeople(ctx, tx, { kind: 'review-closed', review: id, name, decided, ...nobody }, { to })
}
