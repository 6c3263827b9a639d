import { AppError } from '#lib/domain/errors.ts'
import { personReviewed } from '#lib/domain/review-subject.ts'
import type { Cluster } from './cluster.ts'
import { type ReviewQuestion, reviewAccess } from './review-access.ts'

/**
 * Asks the API server itself whether a person may do something.
 * @throws AppError cluster_failed when it says no only because one of its authorizers couldn't answer; cluster_*
 */
export async function mayPerson(cluster: Cluster, handle: string, question: ReviewQuestion): Promise<boolean> {
  const { allowed, evaluationError } = await reviewAccess(cluster, personReviewed(handle), question)
  if (!allowed && evaluationError !== '')
    throw new AppError('cluster_failed', { cause: new Error('an authorizer of the cluster could not answer') })
  return allowed
}
