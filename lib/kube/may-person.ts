import { personReviewed } from '#lib/domain/review-subject.ts'
import type { Cluster } from './cluster.ts'
import { type ReviewQuestion, reviewAccess } from './review-access.ts'

/** Asks the API server itself whether a person may do something. */
export const mayPerson = async (cluster: Cluster, handle: string, question: ReviewQuestion): Promise<boolean> =>
  (await reviewAccess(cluster, personReviewed(handle), question)).allowed
