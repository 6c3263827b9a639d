import { z } from 'zod'
import type { ClusterBinding } from '#lib/features/access/model/cluster-binding.ts'
import { viewPlatform } from '#lib/kernel/define/view-platform.ts'
import { cleanText } from '#lib/kernel/trail/audit-row.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { findAnySpace } from './find-any-space.ts'
import { observeBindings } from './observe-bindings.ts'

/** Bindings on the page, and subjects of one. */
const maxShown = 100
const maxSubjects = 20

type SpaceBindings = {
  /** `leftOut`: how many subjects are not among `subjects`. */
  bindings: (ClusterBinding & { leftOut: number })[]
  /** Whether there are more bindings. */
  more: boolean
}

/**
 * @returns what gives rights in a space on its cluster, for auditors and platform admins; null if it has no namespace
 *   there. Names are what others chose: control characters are replaced
 * @throws AppError not_found, cluster_*
 */
export const readSpaceBindings = viewPlatform({
  permission: 'read-access-report',
  input: z.strictObject({ space: spaceKey }),
  async read({ ctx, input }): Promise<SpaceBindings | null> {
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

/** @returns a binding whose names can be shown */
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
