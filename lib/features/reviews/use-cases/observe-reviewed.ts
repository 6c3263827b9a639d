import type { ClusterBinding } from '#lib/features/access/model/cluster-binding.ts'
import { handleOf } from '#lib/features/access/model/review-subject.ts'
import { observeBindings } from '#lib/features/access/use-cases/observe-bindings.ts'
import { cleanBinding } from '#lib/features/access/use-cases/read-space-bindings.ts'
import { reachesPeople } from '#lib/features/clusters/model/rights-findings.ts'
import {
  addBindingLines,
  type BindingLine,
  type ReviewedSpace,
  type ReviewPart,
  saveReviewPart,
  selectReviewedSpaces,
  takeReviewPart,
} from '#lib/features/reviews/db/review-clusters.ts'
import { assignReviewers } from '#lib/features/reviews/db/snapshot-review.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { retrySeconds } from '#lib/kernel/model/retry-delay.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { readShippedRights } from '#lib/kube/fences/shipped-rights.ts'
import { listRights } from '#lib/kube/rights/list-rights.ts'

/** Spaces per step. A step is repeated if its process dies. */
const batch = 50
const atOnce = 8
/** Longer than a step takes: a cluster that doesn't answer fails sooner. */
const leaseMs = 120_000
/** Time limit of one run, so that a worker can stop. */
const runMs = 5_000
/** Limit for one space (above what its quota allows) or one whole cluster. */
const maxBindings = 1_000
/** Subjects shown per binding. */
const maxSubjects = 20

/**
 * Reads bindings that Spaceport didn't make, for starting and open reviews. Stores progress after each step. An
 * unreachable cluster is retried and doesn't delay the review.
 * @returns the number of steps
 */
export async function observeReviewed(ctx: SystemContext, cluster: string): Promise<number> {
  const until = performance.now() + runMs
  for (let steps = 0; ; steps++) {
    const part = performance.now() < until ? await takeReviewPart(ctx.db, cluster, { at: ctx.clock(), leaseMs }) : null
    if (!part) return steps
    await takeStep(ctx, cluster, part)
  }
}

async function takeStep(ctx: SystemContext, cluster: string, part: ReviewPart): Promise<void> {
  const at = ctx.clock()
  try {
    const spaces = await selectReviewedSpaces(ctx.db, part, batch)
    const found = await foundIn(ctx, spaces)
    const isLast = spaces.length < batch
    // A review of some spaces doesn't cover cluster-wide bindings.
    if (isLast && part.scope.spaces.length === 0) found.push(...(await clusterWideLines(ctx, cluster)))
    const progress = {
      after: spaces.at(-1)?.namespace ?? part.after,
      spaces: part.spaces + spaces.length,
      failures: 0,
      failureCode: null,
      nextAt: at,
      finishedAt: isLast ? ctx.clock() : null,
    }
    await inTransaction(ctx.db, async (tx) => {
      const isOurs = await saveReviewPart(tx, part, progress)
      if (!isOurs || found.length === 0 || !(await addBindingLines(tx, part.reviewId, cluster, found))) return
      await assignReviewers(tx, part.reviewId, [...new Set(found.flatMap(({ space }) => space?.id ?? []))])
    })
  } catch (error) {
    if (!isAppError(error)) throw error
    ctx.log.warn({ error, cluster, review: part.reviewId }, 'could not read bindings for a review')
    const failures = part.failures + 1
    const random = Buffer.from(ctx.randomBytes(4)).readUInt32BE() / 2 ** 32
    const nextAt = new Date(at.getTime() + retrySeconds('cluster_busy', failures, random) * 1_000)
    const { after, spaces } = part
    await saveReviewPart(ctx.db, part, { after, spaces, failures, failureCode: error.code, nextAt, finishedAt: null })
  }
}

async function foundIn(ctx: SystemContext, spaces: readonly ReviewedSpace[]): Promise<BindingLine[]> {
  const found: BindingLine[] = []
  const waiting = spaces.values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const space of waiting) {
        const observed = await observeBindings(ctx, space)
        const foreign = (observed?.bindings ?? []).filter(
          (binding) =>
            binding.kind === 'RoleBinding' && binding.state === 'foreign' && reachesOutside(binding, space.namespace),
        )
        found.push(...foreign.slice(0, maxBindings).map((binding) => lineOf(binding, space)))
      }
    }),
  )
  return found
}

/** A space's own workloads are up to its members. Only subjects from outside are reviewed. */
const reachesOutside = ({ subjects }: ClusterBinding, namespace: string): boolean =>
  subjects.some((subject) => subject.kind !== 'ServiceAccount' || (subject.namespace ?? namespace) !== namespace)

/** Cluster-wide bindings with subjects that may be Spaceport users. */
async function clusterWideLines(ctx: SystemContext, cluster: string): Promise<BindingLine[]> {
  const { bindings, clusterRoles } = await listRights(ctx.clusters.get(cluster), await readShippedRights())
  return bindings
    .filter((binding) => binding.kind === 'ClusterRoleBinding' && reachesPeople(binding, clusterRoles))
    .slice(0, maxBindings)
    .map((binding) => lineOf({ ...binding, state: 'foreign' }, null))
}

function lineOf(binding: ClusterBinding, space: ReviewedSpace | null): BindingLine {
  const { kind, name, roleRef, subjects } = cleanBinding(binding)
  const shown = subjects.slice(0, maxSubjects)
  const since = Date.parse(binding.createdAt ?? '')
  return {
    since: Number.isNaN(since) ? null : new Date(since),
    space: space && { id: space.id, name: space.name },
    binding: {
      kind,
      name,
      namespace: kind === 'RoleBinding' ? (space?.namespace ?? null) : null,
      roleRef: { kind: roleRef.kind, name: roleRef.name },
      subjects: shown.map((subject) => ({ ...subject, namespace: subject.namespace ?? null })),
      leftOut: subjects.length - shown.length,
    },
    holder: shown.map((subject) => `${subject.kind} ${subject.name}`).join(', '),
    handles: binding.subjects.flatMap((subject) => handleOf(subject) ?? []),
  }
}
