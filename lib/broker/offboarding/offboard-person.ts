import { z } from 'zod'
import { changeFound } from '#lib/broker/define/change-found.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { actReason } from '#lib/broker/use-case/fields.ts'
import { shutOut } from '#lib/broker/use-case/shut-out.ts'
import { findLeaver } from '#lib/db/find-leaver.ts'
import { forgetClaims } from '#lib/db/forget-claims.ts'
import { insertOffboarding } from '#lib/db/insert-offboarding.ts'
import { AppError } from '#lib/domain/errors.ts'
import { type Ended, maxOffboardedSpaces } from '#lib/domain/offboarding.ts'
import { assertDates, assertHeirs, decidedBy, decision, resolveHeirs } from './decide-spaces.ts'
import { leaveEverything } from './leave-everything.ts'
import { passOnSpaces } from './pass-on-spaces.ts'
import { tellLeftBehind } from './tell-left-behind.ts'

export const offboardPersonInput = z.strictObject({
  id: z.uuid(),
  reason: actReason,
  confirmation: z.string().max(100),
  /** What becomes of their spaces; null: they own none. */
  rest: decision.nullable(),
  /** Spaces of which something else becomes, by their ids. */
  exceptions: z
    .record(z.uuid(), decision)
    .refine((all) => Object.keys(all).length <= maxOffboardedSpaces)
    .default({}),
})

/** 500 spaces and a thousand roles take a second, or several on a busy database. */
const transactionMs = 20_000

/** What ended, and where the proof that nothing is left is being collected. */
type Offboarded = { id: string; ended: Ended }

/**
 * Lets a person go for good, in one transaction: they are shut out, and everything that they own or were given, offered or
 * asked for passes on or ends. The worker then removes them from the clusters, and asks each of them what they may still
 * do (prove-offboardings.ts). A space that appears in the meantime is decided as `rest` says. Nobody offboards themselves,
 * and two admins at once are one act (docs/adr/0032-offboarding-is-proven-by-the-clusters.md).
 * @returns null if they have been offboarded already
 * @throws AppError own_account, not_found, confirmation_mismatch, principal_unknown, self_escalation, end_in_past,
 *   space_too_long; bad_input when their spaces are more than fit into one act, or nothing is decided about one
 */
export const offboardPerson = changeFound({
  by: { permission: 'offboard-person' },
  action: 'person.offboard',
  kind: 'person',
  input: offboardPersonInput,
  find: (db, _ctx, id) => findLeaver(db, id),
  holds: ({ id }) => ({ people: [id], spaceId: null }),
  async prepare({ ctx, found, input, about }) {
    const { id, reason, confirmation } = input
    about({ target: { kind: 'person', id, name: found.handle }, detail: { reason } })
    assertOther(ctx, id)
    if (confirmation.trim() !== found.handle) {
      const sentence = `Type ${found.handle} to confirm.`
      throw new AppError('confirmation_mismatch', { sentence, fields: { confirmation: sentence } })
    }
    if (found.offboarding !== null) return { result: null }
    assertDates(ctx, input)
    const heirs = await resolveHeirs(ctx, found, input)
    return {
      transactionMs,
      people: [...heirs.values()].map(({ userId }) => userId),
      async write({ tx, found: held, now, undo }): Promise<Offboarded | null> {
        if (held.offboarding !== null) undo()
        assertDates(now, input)
        await assertHeirs(tx, heirs, input)
        const { sessions, credentials, spaces } = await shutOut(now, tx, held, reason)
        const decide = decidedBy(input, heirs)
        const passed = await passOnSpaces(now, tx, held, { decide, reason })
        const left = await leaveEverything(now, tx, held)
        const leftBehind = await tellLeftBehind(now, tx, held)
        await forgetClaims(tx, id)
        const ended = { sessions, credentials, ...left, ...passed }
        const offboarding = await insertOffboarding(tx, {
          personId: id,
          byId: now.actor.userId,
          reason,
          at: now.clock(),
          ended,
          spacesHeld: spaces,
          clusters: now.clusters.names,
        })
        about({ detail: { offboarding, ...ended, leftBehind } })
        return { id: offboarding, ended }
      },
      already: null,
    }
  },
})

/** @throws AppError own_account */
function assertOther({ actor }: BrokerContext, id: string): void {
  if (id === actor.userId)
    throw new AppError('own_account', { sentence: 'You can’t offboard yourself. Ask another platform admin.' })
}
