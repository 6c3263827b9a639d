/**
 * Decisions on access. Reviewers must never decide on their own access, and must never remove or lower a role that
 * differs from what they saw.
 */
import { z } from 'zod'
import { refreshLines, saveDecision, saveEnd } from '#lib/features/reviews/db/decide-review-lines.ts'
import {
  type LineSelection,
  type LockedLine,
  lockLinesFor,
  shareReview,
} from '#lib/features/reviews/db/lock-review-lines.ts'
import { isOwnLine } from '#lib/features/reviews/db/review-lines.ts'
import { classifyLine, type LineDecision } from '#lib/features/reviews/model/classify-line.ts'
import { type DecisionResult, lineFilter } from '#lib/features/reviews/model/review-view.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { compareStanding, type Role, roles } from '#lib/kernel/model/access/role.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import {
  type LineState,
  maxDecided,
  type ReviewDecision,
  reviewDecisions,
  shownOf,
} from '#lib/kernel/model/requests/review.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { byReviewer, findFor } from './by-reviewer.ts'
import { flagLines, keepLines, lowerLines, revokeLines } from './settle-lines.ts'
import { viewerOf } from './viewer-of.ts'

/** A page of lines. */
const maxSelected = 200
const minReason = 3
/** A thousand roles take a second, or several on a busy database. */
const transactionMs = 20_000

export const decideReviewInput = lineFilter.omit({ show: true }).extend({
  id: z.uuid(),
  /** Selected lines; omitted: all open lines that match the filter. */
  ids: z.array(z.uuid()).min(1, 'Select at least one.').max(maxSelected).optional(),
  /** The `shownOf` of each selected line, as the reviewer saw it. */
  shown: z.array(z.string().max(50)).max(maxSelected).optional(),
  decision: z.enum(reviewDecisions),
  toRole: z.enum(['viewer', 'editor']).optional(),
  reason: z.string().trim().max(1_000).default(''),
})

const states: Readonly<Record<ReviewDecision, LineState>> = {
  keep: 'kept',
  revoke: 'revoked',
  lower: 'lowered',
  flag: 'flagged',
}

/**
 * Decides on selected lines or on all that match a filter, at most 1,000 at once. Access that changed or ended since is
 * not decided on; its line is updated. Concurrent decisions on a line count once.
 * @throws AppError not_found, review_closed, own_access, review_decided; bad_input without a reason, or if the decision
 *   fits no line
 */
export const decideReview = changeFound({
  by: byReviewer,
  action: 'review.decide',
  kind: 'review',
  endsAccess: true,
  input: decideReviewInput,
  find: findFor,
  prepare: function prepareDecideReview({
    found,
    input: { id, ids, shown, decision, toRole, reason, ...filter },
    about,
  }) {
    const detail = { decision, toRole, reason, ...(ids ? { selected: ids.length } : { filter }) }
    about({ target: { kind: 'review', id, name: found.name }, detail })
    const chosen: LineSelection = ids ? { ids } : { filter, fit: applicableTo(decision, toRole) }
    assertLimited(chosen)
    assertReason(decision, chosen, reason)
    if (decision === 'lower' && !toRole) throw new AppError('bad_input', { fields: { toRole: 'Choose a role.' } })
    return {
      transactionMs,
      write: async function writeDecideReview({ tx, now }) {
        const at = now.clock()
        const review = await shareReview(tx, id)
        if (review?.state !== 'open' || review.dueAt <= at) throw new AppError('review_closed')
        const viewer = viewerOf(now)
        const lines = await lockLinesFor(tx, id, chosen, { viewer, at, limit: maxDecided })
        if (lines.length === 0) throw await noLinesError(tx, chosen, viewer)
        const seen = new Map(ids?.map((line, at) => [line, shown?.[at]]))
        const { act, changed, ended, unfit } = classifyLines(lines, seen, { decision, toRole })
        if (act.length + changed.length + ended.length === 0) throw unfitError(decision)
        await refreshLines(tx, idsOf(changed))
        await saveEnd(tx, idsOf(ended), { state: 'ended', reason: null, at })
        const lowered = decision === 'lower' && toRole ? toRole : null
        const saved = { state: states[decision], toRole: lowered, reason, at, byId: now.actor.userId }
        await saveDecision(tx, idsOf(act), saved)
        const spaces = await settle(now, tx, act, { review: { id, name: found.name }, decision, toRole, reason })
        const notMine = ids ? ids.length - lines.length : 0
        const counts = {
          decided: act.length,
          changed: changed.length,
          ended: ended.length,
          left: unfit.length + notMine,
        }
        about({ detail: counts })
        return { ...counts, spaces }
      },
      reconcile: ({ spaces: [first, ...more] }: DecisionResult & { spaces: string[] }) =>
        first !== undefined && more.length === 0 ? { spaceId: first, queued: true } : undefined,
    }
  },
})

type ReasonedDecision = LineDecision & { review: { id: string; name: string }; reason: string }

/** @returns the spaces to reconcile */
function settle(
  ctx: BrokerContext,
  tx: Tx,
  lines: readonly LockedLine[],
  { decision, toRole, ...why }: ReasonedDecision,
): Promise<string[]> {
  switch (decision) {
    case 'keep':
      return keepLines(ctx, tx, lines, why)
    case 'flag':
      return flagLines(ctx, tx, lines, why)
    case 'revoke':
      return revokeLines(ctx, tx, lines, why)
    case 'lower':
      if (!toRole) throw new Error('lowering needs a role')
      return lowerLines(ctx, tx, lines, { ...why, toRole })
  }
}

/**
 * The kinds and roles that a decision applies to. Without this filter, a thousand lines that don't fit could fill every
 * batch.
 */
const applicableTo = (decision: ReviewDecision, toRole: Role | undefined) => ({
  kinds:
    decision === 'keep'
      ? (['grant', 'binding'] as const)
      : decision === 'flag'
        ? (['binding'] as const)
        : (['grant'] as const),
  roles: decision === 'lower' && toRole ? roles.filter((role) => compareStanding(role, toRole) > 0) : null,
})

const idsOf = (lines: readonly LockedLine[]): string[] => lines.map(({ id }) => id)

/** @param seen the lines as the reviewer saw them: lines refreshed since need a new decision */
function classifyLines(
  lines: readonly LockedLine[],
  seen: ReadonlyMap<string, string | undefined>,
  decided: LineDecision,
) {
  const by = Map.groupBy(lines, (line) => {
    const verdict = classifyLine(line, decided)
    const said = seen.get(line.id)
    return verdict === 'act' && said !== undefined && said !== shownOf(line) ? 'changed' : verdict
  })
  const of = (verdict: ReturnType<typeof classifyLine>) => by.get(verdict) ?? []
  return { act: of('act'), changed: of('changed'), ended: of('ended'), unfit: of('unfit') }
}

/**
 * Requires ids or a filter, never all lines.
 * @throws AppError bad_input
 */
function assertLimited(chosen: LineSelection): void {
  if ('ids' in chosen || Object.values(chosen.filter).some((value) => value !== undefined && value !== '')) return
  throw new AppError('bad_input', { sentence: 'Select lines or set a filter.' })
}

/**
 * Keeping one line needs no reason; any other decision does.
 * @throws AppError bad_input
 */
function assertReason(decision: ReviewDecision, chosen: LineSelection, reason: string): void {
  const isOne = 'ids' in chosen && chosen.ids.length === 1
  if ((decision === 'keep' && isOne) || reason.length >= minReason) return
  throw new AppError('bad_input', { fields: { reason: 'Give a reason, in a few words.' } })
}

async function noLinesError(tx: Tx, chosen: LineSelection, viewer: ReturnType<typeof viewerOf>): Promise<AppError> {
  if (!('ids' in chosen))
    return new AppError('review_decided', { sentence: 'No matching lines can be decided together.' })
  const isOwn = await isOwnLine(tx, chosen.ids, viewer)
  return new AppError(isOwn ? 'own_access' : 'review_decided')
}

function unfitError(decision: ReviewDecision): AppError {
  const sentence = {
    keep: 'You can’t keep this.',
    revoke: 'Spaceport didn’t make this binding, so it can’t revoke it. Flag it instead.',
    lower: 'These roles aren’t higher than the one you chose.',
    flag: 'Only bindings that Spaceport didn’t make can be flagged. Revoke the role instead.',
  }[decision]
  return new AppError('bad_input', { sentence, ...(decision === 'lower' && { fields: { toRole: sentence } }) })
}
