import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { forgetClaims } from '#lib/features/offboarding/db/departing-user.ts'
import { insertOffboarding } from '#lib/features/offboarding/db/offboardings.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { findLeaver, type Leaver } from '#lib/kernel/db/people/find-departing-user.ts'
import { selectOtherAccounts, selectWithSameSubject } from '#lib/kernel/db/people/select-other-accounts.ts'
import { holdReachableSpaces } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { type Ended, maxAccounts, maxOffboardedSpaces } from '#lib/kernel/model/people/offboarding.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { shutOut } from '#lib/kernel/use-case/cut-off-person.ts'
import { actReason } from '#lib/kernel/use-case/fields.ts'
import { writeSideEffects } from '#lib/kernel/use-case/write-side-effect.ts'
import { assertDates, assertHeirs, decidedBy, decision, type Passing, resolveHeirs } from './decide-spaces.ts'
import { tellLeftBehind } from './notify-remaining-access.ts'
import { leaveEverything } from './remove-all-access.ts'
import { passOnSpaces } from './transfer-spaces.ts'

export const offboardPersonInput = z.strictObject({
  id: z.uuid(),
  reason: actReason,
  confirmation: z.string().max(100),
  /** Further accounts of theirs, at other providers. Those of the same subject go in any case. */
  accounts: z.array(z.uuid()).max(maxAccounts).default([]),
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
 * Lets a person go for good, in one transaction: all their accounts of the same subject, and those at other providers
 * that the admin chose, are shut out, and everything that they own or were given, offered or asked for passes on or ends.
 * The worker then removes them from the clusters, and asks each of them what they may still do (prove-offboardings.ts).
 * A space that appears in the meantime is decided as `rest` says. Nobody offboards themselves, by any of their accounts,
 * and two admins at once are one act (docs/adr/0021-offboarding-is-proven.md).
 * @returns null if they have been offboarded already
 * @throws AppError own_account, not_found, confirmation_mismatch, principal_unknown, self_escalation, end_in_past,
 *   space_too_long; object_changed when an account isn't one that may be theirs, or one has appeared; bad_input when
 *   their spaces are more than fit into one act, or nothing is decided about one
 */
export const offboardPerson = changeFound({
  by: { permission: 'offboard-person' },
  action: 'person.offboard',
  endsAccess: true,
  kind: 'person',
  input: offboardPersonInput,
  find: (db, _ctx, id) => findLeaver(db, id),
  holds: ({ id }) => ({ people: [id], spaceId: null }),
  async prepare({ ctx, found, input, about }) {
    const { id, reason, confirmation } = input
    about({ target: { kind: 'person', id, name: found.handle }, detail: { reason } })
    assertOthers(ctx, [found])
    if (confirmation.trim() !== found.handle) {
      const sentence = `Type ${found.handle} to confirm.`
      throw new AppError('confirmation_mismatch', { sentence, fields: { confirmation: sentence } })
    }
    if (found.offboarding !== null) return { result: null }
    const leavers = await accountsOf(ctx.db, found, input.accounts)
    assertOthers(ctx, leavers)
    assertDates(ctx, input)
    const heirs = await resolveHeirs(ctx, leavers, input)
    return {
      transactionMs,
      people: [...leavers.map((one) => one.id), ...[...heirs.values()].map(({ userId }) => userId)],
      async write({ tx, found: held, now, undo }): Promise<Offboarded | null> {
        if (held.offboarding !== null) undo()
        const same = await accountsOf(tx, held, input.accounts)
        if (same.map((one) => one.id).join() !== leavers.map((one) => one.id).join())
          throw new AppError('object_changed')
        assertDates(now, input)
        await assertHeirs(tx, heirs, input)
        const decide = decidedBy(input, heirs)
        const actId = randomUUID()
        const closed = []
        await holdReachableSpaces(
          tx,
          same.map((one) => one.id),
          now.clock(),
        )
        for (const leaver of same) closed.push(await closeAccount(now, tx, leaver, { reason, decide, actId }))
        assertFits(closed)
        const [own, ...others] = closed.toSorted((a, b) => Number(b.leaver.id === id) - Number(a.leaver.id === id))
        if (own === undefined) throw new AppError('object_changed')
        await writeSideEffects(
          now,
          tx,
          others.map(({ leaver, detail }) => ({
            action: 'person.offboard',
            target: { kind: 'person', id: leaver.id, name: leaver.handle },
            destination: 'portal',
            detail: { reason, ...detail, with: held.handle },
          })),
        )
        const accounts = others.map(({ leaver }) => leaver.handle)
        about({ detail: { ...own.detail, ...(accounts.length > 0 && { accounts }) } })
        return { id: own.detail.offboarding, ended: own.ended }
      },
      already: null,
    }
  },
})

/** @throws AppError own_account */
function assertOthers({ actor }: BrokerContext, leavers: readonly { id: string; handle: string }[]): void {
  const own = leavers.find(({ id }) => id === actor.userId)
  if (own === undefined) return
  throw new AppError('own_account', {
    sentence: `You can’t offboard yourself, and ${own.handle} is your account. Ask another platform admin.`,
  })
}

/**
 * @param chosen accounts that the admin includes
 * @returns the accounts that leave: the person's, those chosen, and all others of their subjects
 * @throws AppError object_changed when one of those chosen isn't among those that may be theirs
 */
async function accountsOf(
  reader: Parameters<typeof selectOtherAccounts>[0],
  leaver: Leaver,
  chosen: readonly string[],
) {
  const possible = new Set(
    chosen.length === 0 ? [] : (await selectOtherAccounts(reader, leaver.id, maxAccounts)).map(({ id }) => id),
  )
  if (chosen.some((id) => !possible.has(id))) throw new AppError('object_changed')
  return selectWithSameSubject(reader, [leaver.id, ...chosen])
}

/** @throws AppError bad_input */
function assertFits(closed: readonly { ended: Ended }[]): void {
  const spaces = closed.reduce((sum, { ended }) => sum + ended.spacesHandedOver + ended.spacesEnding, 0)
  if (spaces <= maxOffboardedSpaces) return
  throw new AppError('bad_input', {
    sentence: `These accounts own ${spaces} spaces, and one act takes ${maxOffboardedSpaces}. Offboard the accounts one by one, or hand over some of their spaces first.`,
  })
}

type Act = { reason: string; decide: (spaceId: string) => Passing; actId: string }

/**
 * Closes one account for good, in the transaction of the act, with its row held: it is shut out, and what it owns, was
 * given, offered or asked for passes on or ends.
 * @returns what ended, and what the trail says of it
 */
async function closeAccount(ctx: BrokerContext, tx: Tx, leaver: Leaver, { reason, decide, actId }: Act) {
  const { sessions, credentials, spaces, tokens } = await shutOut(ctx, tx, leaver, reason)
  const passed = await passOnSpaces(ctx, tx, leaver, { decide, reason })
  const left = await leaveEverything(ctx, tx, leaver)
  const leftBehind = await tellLeftBehind(ctx, tx, leaver)
  await forgetClaims(tx, leaver.id)
  const ended: Ended = { sessions, credentials, ...left, ...passed }
  const offboarding = randomUUID()
  await insertOffboarding(tx, {
    ...{ id: offboarding, actId, personId: leaver.id, byId: ctx.actor.userId },
    ...{ reason, at: ctx.clock(), ended, spacesHeld: spaces, clusters: ctx.clusters.names },
  })
  const detail = { offboarding, ...ended, leftBehind, ...(tokens.length > 0 && { tokensStopped: tokens }) }
  return { leaver, ended, detail }
}
