import type { Viewer } from '#lib/kernel/db/requests/review-sql.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

/** @returns the person, as the SQL of review lines takes them */
export const viewerOf = ({ actor: { userId, platformRole } }: BrokerContext): Viewer => ({
  userId,
  isPlatformAdmin: platformRole === 'admin',
  readsAll: platformRole !== 'member',
})
