import { z } from 'zod'
import { parseSpaceName } from '#lib/features/spaces/model/space-name.ts'
import { readClusterId } from '#lib/kernel/db/spaces/clusters.ts'
import { isNameTaken } from '#lib/kernel/db/spaces/is-name-taken.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { namesReservedSince } from '#lib/kernel/model/policy/policy.ts'
import { spaceName } from '#lib/kernel/use-case/fields.ts'
import { findNamespace } from '#lib/kube/objects/find-namespace.ts'

export const checkSpaceNameInput = z.strictObject({ name: spaceName, cluster: z.string().max(32).optional() })

export type NameCheck = {
  verdict: 'free' | 'name_invalid' | 'name_protected' | 'name_taken'
  sentence: string
  namespace: string
}

/** Checks a name while it is typed: valid, not reserved, not taken. It does not reveal by whom or what. */
export const checkSpaceName = viewPlatform({
  permission: 'check-space-name',
  input: checkSpaceNameInput,
  async read({ ctx, input }): Promise<NameCheck> {
    const parsed = parseSpaceName(input.name, ctx.policy.namespacePrefix, ctx.policy.reservedNames)
    if (!parsed.ok) return { verdict: parsed.code, sentence: parsed.sentence, namespace: '' }
    const { namespace } = parsed
    const clusterName = input.cluster ?? ctx.clusters.defaultName
    const cluster = ctx.clusters.get(clusterName)
    const clusterId = await readClusterId(ctx.db, clusterName)
    const reservedSince = namesReservedSince(ctx.policy, ctx.clock())
    const [taken, found] = await Promise.all([
      isNameTaken(ctx.db, { clusterId, namespace, ownerId: ctx.actor.userId, reservedSince }),
      ctx.withinRateLimit('check-name', ctx.actor.userId, () => findNamespace(cluster, namespace)),
    ])
    // Does not reveal whether a current space, a deleted space or another namespace has the name.
    if (taken || found)
      return { verdict: 'name_taken', sentence: `“${input.name}” is taken. Choose another name.`, namespace }
    return { verdict: 'free', sentence: 'This name is free.', namespace }
  },
})
