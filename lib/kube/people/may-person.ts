import { personSubject } from '#lib/features/access/model/review-subject.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { type ReviewQuestion, reviewAccess } from '#lib/kube/rights/review-access.ts'

/**
 * Asks the API server whether a person may do something.
 * @throws AppError cluster_failed for a denial only because an authorizer couldn't answer; cluster_*
 */
export async function mayPerson(cluster: Cluster, handle: string, question: ReviewQuestion): Promise<boolean> {
  const { allowed, evaluationError } = await reviewAccess(cluster, personSubject(handle), question)
  if (!allowed && evaluationError !== '')
    throw new AppError('cluster_failed', { cause: new Error('an authorizer of the cluster could not answer') })
  return allowed
}
