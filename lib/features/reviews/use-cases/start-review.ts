import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { insertReview } from '#lib/features/reviews/db/review-rows.ts'
import { selectIdsByHandles, selectIdsBySpaceNames } from '#lib/features/reviews/db/select-scope.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { roles } from '#lib/kernel/model/access/role.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { type ReviewScope, reviewRules } from '#lib/kernel/model/requests/review.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { assertDue } from './assert-due.ts'
import { dueAt } from './fields.ts'

/** Limit for each list of spaces or people in a scope. */
const maxNamed = 100

const names = z
  .array(
    z
      .string()
      .trim()
      .min(1)
      .max(63)
      .regex(/^[^\0]*$/),
  )
  .max(maxNamed, `At most ${maxNamed}. Leave it empty for all.`)
  .default([])

export const startReviewInput = z.strictObject({
  name: z.string().trim().min(1, 'Give it a name.').max(80),
  /** Null: all clusters. */
  cluster: z.string().max(32).nullable().default(null),
  spaces: names,
  /** Handles. */
  people: names,
  roles: z.array(z.enum(roles)).max(roles.length).default([]),
  dueAt,
  undecided: z.enum(reviewRules),
})

/**
 * Starts an access review. The worker copies access into its lines and notifies the reviewers.
 * @returns its id
 * @throws AppError review_exists, end_in_past; bad_input for unknown names or an end that is too soon or too late
 */
export const startReview = changePlatform({
  permission: 'start-review',
  action: 'review.start',
  input: startReviewInput,
  about: ({ name, cluster, spaces, people, roles: some, undecided, dueAt: due }) => ({
    target: { kind: 'review', name },
    detail: { cluster, spaces, people, roles: some, undecided, dueAt: due.toISOString() },
  }),
  prepare: async function prepareStartReview({ ctx, input, about }) {
    const { name, undecided } = input
    assertDue(ctx.clock(), ctx.clock(), input.dueAt)
    if (dayOf(input.dueAt) <= dayOf(ctx.clock()))
      throw new AppError('bad_input', { fields: { dueAt: 'Choose a day after today, so that people can decide.' } })
    const id = randomUUID()
    about({ target: { kind: 'review', id, name } })
    const scope = await resolveScope(ctx, input)
    return {
      write: async function writeStartReview({ tx, now }) {
        const at = now.clock()
        assertDue(at, at, input.dueAt)
        const given = { id, name, scope, undecided, byId: now.actor.userId, at, dueAt: input.dueAt }
        await insertReview(tx, given, now.clusters.names)
        return { id }
      },
    }
  },
})

const dayOf = (at: Date): string => at.toISOString().slice(0, 10)

async function resolveScope(ctx: BrokerContext, input: z.infer<typeof startReviewInput>): Promise<ReviewScope> {
  const { cluster, roles: some } = input
  if (cluster !== null && !ctx.clusters.names.includes(cluster))
    throw new AppError('bad_input', { fields: { cluster: 'There is no such cluster.' } })
  const [spaces, people] = await Promise.all([
    selectIdsBySpaceNames(ctx.pool, input.spaces, cluster),
    selectIdsByHandles(ctx.pool, input.people),
  ])
  assertAllExist('spaces', input.spaces, spaces, 'No space is called')
  assertAllExist('people', input.people, people, 'No one has the handle')
  return { cluster, spaces, people, roles: [...new Set(some)] }
}

function assertAllExist(
  field: string,
  wanted: readonly string[],
  found: readonly { name: string }[],
  what: string,
): void {
  const missing = wanted.filter((name) => !found.some((one) => one.name === name))
  if (missing.length === 0) return
  const sentence = `${what} ${missing.slice(0, 5).join(', ')}.`
  throw new AppError('bad_input', { fields: { [field]: sentence } })
}
