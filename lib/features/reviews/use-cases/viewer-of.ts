import type { Viewer } from '#lib/kernel/db/requests/review-sql.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

/** @returns what every statement about a review’s lines takes of the person */
export const viewerOf = ({ actor: { userId, platformRole } }: BrokerContext): Viewer => ({
  userId,
  isPlatformAdmin: platformRole === 'admin',
  readsAll: platformRole !== 'member',
})
