import { findReview, type ReviewAccess } from '#lib/features/reviews/db/review-rows.ts'
import type { Reader } from '#lib/kernel/db/run-sql.ts'
import type { FoundBy } from '#lib/kernel/define/authorize-found.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

export const findFor = (reader: Reader, ctx: BrokerContext, id: string): Promise<ReviewAccess | null> =>
  findReview(reader, id, ctx.actor)

/** Platform admins, auditors and anyone with lines to decide in a review can read it. */
export const byReader = {
  permissions: ['read-review'],
  subject: (_, { isReviewer }) => ({ permission: 'read-review', standing: null, isDecider: isReviewer }),
} satisfies FoundBy<ReviewAccess>

/**
 * Who can decide in a review. Each SQL statement limits this to the person's lines
 * (lib/kernel/db/requests/review-sql.ts).
 */
export const byReviewer = {
  permissions: ['decide-review'],
  subject: (_, { isReviewer }) => ({ permission: 'decide-review', standing: null, isDecider: isReviewer }),
} satisfies FoundBy<ReviewAccess>
