import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { includesBindings, type ReviewRule, type ReviewScope } from '#lib/kernel/model/requests/review.ts'

export type NewReview = {
  id: string
  name: string
  scope: ReviewScope
  undecided: ReviewRule
  /** Null: the schedule starts it. */
  byId: string | null
  at: Date
  dueAt: Date
}

/**
 * Adds a review, which the worker then fills, and the clusters that are asked about bindings.
 * @param clusters those that Spaceport manages
 * @throws AppError review_exists
 */
export async function insertReview(tx: Tx, given: NewReview, clusters: readonly string[]): Promise<void> {
  const { id, name, scope, undecided, byId, at, dueAt } = given
  // The worker may not say who started one.
  const [byColumn, by] =
    byId === null ? [Prisma.empty, Prisma.empty] : [Prisma.sql`, by_id`, Prisma.sql`, ${byId}::uuid`]
  const added = await tx.$executeRaw`
    INSERT INTO review (id, name, scope, undecided, created_at, due_at${byColumn})
    VALUES (${id}::uuid, ${name}, ${JSON.stringify(scope)}::jsonb, ${undecided}::review_rule, ${at}, ${dueAt}${by})
    ON CONFLICT (name) WHERE state <> 'closed' DO NOTHING`
  if (added === 0)
    throw new AppError('review_exists', { fields: { name: 'A review with this name is still open. Choose another.' } })
  if (includesBindings(scope))
    await tx.$executeRaw`
      INSERT INTO review_cluster (review_id, cluster_id, next_at)
      SELECT ${id}::uuid, c.id, ${at} FROM cluster c
      WHERE c.name = ANY (${[...clusters]}::text[]) AND (${scope.cluster}::text IS NULL OR c.name = ${scope.cluster})`
}
