import { z } from 'zod'
import { findReportPiece, selectReportedLines } from '#lib/features/reviews/db/close-review.ts'
import { findReview } from '#lib/features/reviews/db/review-rows.ts'
import { reviewHeader, reviewLine } from '#lib/features/reviews/model/review-report.ts'
import { viewRecorded } from '#lib/kernel/define/view-recorded.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

const exportReviewInput = z.strictObject({ id: z.uuid(), format: z.enum(['json', 'csv']) })

const pageSize = 1_000

/**
 * A review as a file: the closing report, which matches the hash in the trail, or at any time the lines as CSV. Each
 * download is recorded in the trail.
 * @returns the file's text in chunks
 * @throws AppError not_found, also for the report of a review that isn't closed
 */
export const exportReview = viewRecorded({
  permission: 'export-review',
  action: 'review.export',
  input: exportReviewInput,
  about: ({ id, format }) => ({ target: { kind: 'review', id }, detail: { format } }),
  read: async function readExportReview({ ctx, input: { id, format }, about }) {
    const review = await findReview(ctx.pool, id, ctx.actor)
    if (!review || (format === 'json' && review.state !== 'closed')) throw new AppError('not_found')
    about({ target: { kind: 'review', id, name: review.name } })
    return format === 'json' ? reportPieces(ctx, id) : csvPieces(ctx, id)
  },
})

async function* reportPieces(ctx: BrokerContext, id: string): AsyncIterable<string> {
  for (let number = 0; ; number++) {
    const piece = await findReportPiece(ctx.pool, id, number)
    if (piece === null) return
    yield piece
  }
}

async function* csvPieces(ctx: BrokerContext, id: string): AsyncIterable<string> {
  yield reviewHeader
  for (let after: string | null = null; ; ) {
    const lines = await selectReportedLines(ctx.pool, id, { after, limit: pageSize })
    yield lines.map((line) => reviewLine(line, ctx.issuer)).join('')
    if (lines.length < pageSize) return
    after = lines.at(-1)?.id ?? null
  }
}
