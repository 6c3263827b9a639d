import { type FoundReview, findReview } from '#lib/features/reviews/db/review-rows.ts'
import type { Reader } from '#lib/kernel/db/run-sql.ts'
import type { FoundBy } from '#lib/kernel/define/authorize-found.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

export const findFor = (reader: Reader, ctx: BrokerContext, id: string): Promise<FoundReview | null> =>
  findReview(reader, id, ctx.actor)

/** A review is read by platform admins and auditors, and by those for whose decision lines of it wait or waited. */
export const byReader = {
  permissions: ['read-review'],
  subject: (_, { isReviewer }) => ({ permission: 'read-review', standing: null, isDecider: isReviewer }),
} satisfies FoundBy<FoundReview>

/** Who decides in a review at all. About which lines, each statement says (lib/kernel/db/requests/review-sql.ts). */
export const byReviewer = {
  permissions: ['decide-review'],
  subject: (_, { isReviewer }) => ({ permission: 'decide-review', standing: null, isDecider: isReviewer }),
} satisfies FoundBy<FoundReview>
