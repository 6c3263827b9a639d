import { z } from 'zod'
import { personGroups, personUserName } from '#lib/domain/cluster-names.ts'
import type { Cluster } from './cluster.ts'
import { request } from './request.ts'

const reviewSchema = z.object({ status: z.object({ allowed: z.boolean() }) })

/**
 * Asks the API server itself whether a person may do something (SubjectAccessReview).
 * @param resource plural, with any subresource after a slash: `pods/exec`
 */
export async function mayPerson(
  cluster: Cluster,
  handle: string,
  question: { namespace: string; verb: string; group: string; resource: string },
): Promise<boolean> {
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
          user: personUserName(handle),
          groups: personGroups,
          resourceAttributes: { namespace, verb, group, resource, ...(subresource && { subresource }) },
        },
      },
    },
    reviewSchema,
  )
  return review.status.allowed
}
