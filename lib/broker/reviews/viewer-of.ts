import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import type { Viewer } from '#lib/db/review-sql.ts'

/** @returns what every statement about a review’s lines takes of the person */
export const viewerOf = ({ actor: { userId, platformRole } }: BrokerContext): Viewer => ({
  userId,
  isPlatformAdmin: platformRole === 'admin',
  readsAll: platformRole !== 'member',
})
