import { z } from 'zod'
import type { ReviewedRules } from '#lib/features/access/model/reviewed-rights.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { type AsPerson, request } from '#lib/kube/client/request.ts'
import { texts } from './found-bindings.ts'

const rulesSchema = z.object({
  status: z.object({
    resourceRules: z
      .array(z.object({ verbs: texts, apiGroups: texts, resources: texts, resourceNames: texts }))
      .nullish(),
    incomplete: z.boolean().default(false),
    evaluationError: z.string().default(''),
  }),
})

/**
 * Asks the API server as a person for their rights in a namespace (SelfSubjectRulesReview). There is no such review
 * about another person, so its audit log has it as the person's own, impersonated by Spaceport.
 * @throws AppError cluster_*
 */
export async function reviewRules(cluster: Cluster, person: AsPerson, namespace: string): Promise<ReviewedRules> {
  const { status } = await request(
    cluster,
    {
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
      body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } },
      as: { handle: person.handle, email: person.email },
    },
    rulesSchema,
  )
  return { rules: status.resourceRules ?? [], incomplete: status.incomplete, note: status.evaluationError }
}
