import { z } from 'zod'
import type { ClusterBinding } from '#lib/features/access/model/cluster-binding.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { cleanText } from '#lib/kernel/trail/audit-row.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { findAnySpace } from './find-any-space.ts'
import { observeBindings } from './observe-bindings.ts'

/** Limit for bindings on the page, and for subjects per binding. */
const maxShown = 100
const maxSubjects = 20

type SpaceBindings = {
  /** `leftOut`: number of subjects beyond the limit. */
  bindings: (ClusterBinding & { leftOut: number })[]
  more: boolean
}

/**
 * @returns the bindings that give permissions in a space on its cluster, for auditors and platform admins; null without
 *   a namespace. Control characters in names are replaced, since anyone can choose these names
 * @throws AppError not_found, cluster_*
 */
export const readSpaceBindings = viewPlatform({
  permission: 'read-access-report',
  input: z.strictObject({ space: spaceKey }),
  read: async function readReadSpaceBindings({ ctx, input }): Promise<SpaceBindings | null> {
    const observed = await observeBindings(ctx, await findAnySpace(ctx, input.space))
    if (!observed) return null
    const { bindings, more } = observed
    return {
      bindings: bindings.slice(0, maxShown).map((binding) => ({
        ...cleanBinding({ ...binding, subjects: binding.subjects.slice(0, maxSubjects) }),
        leftOut: Math.max(0, binding.subjects.length - maxSubjects),
      })),
      more: more || bindings.length > maxShown,
    }
  },
})

/** @returns a binding with names that are safe to show */
export const cleanBinding = ({ name, roleRef, subjects, ...binding }: ClusterBinding): ClusterBinding => ({
  ...binding,
  name: cleanText(name),
  roleRef: { kind: roleRef.kind, name: cleanText(roleRef.name) },
  subjects: subjects.map(({ kind, name: of, namespace }) => ({
    kind,
    name: cleanText(of),
    namespace: namespace === undefined ? undefined : cleanText(namespace),
  })),
})
