import { z } from 'zod'
import type { ReviewSubject } from '#lib/features/access/model/review-subject.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { request } from '#lib/kube/client/request.ts'

/** `resource` is plural, with any subresource after a slash: `pods/exec`. */
export type ReviewQuestion = { namespace: string; verb: string; group: string; resource: string }

const text = z.string().default('')
const reviewSchema = z.object({ status: z.object({ allowed: z.boolean(), reason: text, evaluationError: text }) })

/**
 * `evaluationError`: why an authorizer of the cluster couldn't answer, if one couldn't. A denial doesn't count then.
 */
export type ReviewAnswer = z.infer<typeof reviewSchema>['status']

/**
 * Asks the API server whether a person may do something (SubjectAccessReview).
 * @returns its answer with reason and error, which others may have written parts of
 */
export async function reviewAccess(
  cluster: Cluster,
  { user, groups }: ReviewSubject,
  question: ReviewQuestion,
  signal?: AbortSignal,
): Promise<ReviewAnswer> {
  const [resource = '', subresource = ''] = question.resource.split('/')
  const { namespace, verb, group } = question
  const review = await request(
    cluster,
    {
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      body: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: {
          user,
          groups,
          resourceAttributes: { namespace, verb, group, resource, ...(subresource && { subresource }) },
        },
      },
      ...(signal && { signal }),
    },
    reviewSchema,
  )
  return review.status
}
