import { z } from 'zod'
import { judgeSpaceName } from '../domain/space-name.ts'
import { findNamespace } from '../kube/find-namespace.ts'
import { authorizePlatform } from './authorize.ts'
import type { BrokerContext } from './context.ts'
import { spaceName } from './create-space.ts'

export const checkSpaceNameInput = z.strictObject({ name: spaceName, cluster: z.string().max(32).optional() })

export type NameCheck = {
  verdict: 'free' | 'name_invalid' | 'name_protected' | 'name_taken'
  sentence: string
  namespace: string
}

/** Judges a name while it is typed: legal, not reserved, not taken by a space or by another namespace of the cluster. */
export async function checkSpaceName(
  ctx: BrokerContext,
  input: z.infer<typeof checkSpaceNameInput>,
): Promise<NameCheck> {
  authorizePlatform(ctx, 'check-space-name')
  const judged = judgeSpaceName(input.name, ctx.policy.namespacePrefix)
  if (!judged.ok) return { verdict: judged.code, sentence: judged.sentence, namespace: '' }
  const { namespace } = judged
  const clusterName = input.cluster ?? ctx.clusters.defaultName
  const cluster = ctx.clusters.get(clusterName)
  const [space, found] = await Promise.all([
    ctx.db.space.findFirst({
      where: { cluster: { name: clusterName }, namespace, status: { not: 'deleted' } },
      select: { id: true },
    }),
    findNamespace(cluster, namespace),
  ])
  if (space || found)
    return { verdict: 'name_taken', sentence: `“${input.name}” is taken. Choose another name.`, namespace }
  return { verdict: 'free', sentence: 'This name is free.', namespace }
}
