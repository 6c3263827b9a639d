import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { forgetClaims } from '#lib/features/offboarding/db/departing-user.ts'
import { insertOffboarding } from '#lib/features/offboarding/db/offboardings.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { type DepartingUser, findDepartingUser } from '#lib/kernel/db/people/find-departing-user.ts'
import { selectOtherAccounts, selectWithSameSubject } from '#lib/kernel/db/people/select-other-accounts.ts'
import { holdReachableSpaces } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { type EndedCounts, maxAccounts, maxOffboardedSpaces } from '#lib/kernel/model/people/offboarding.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { deactivateAndEndAccess } from '#lib/kernel/use-case/end-access.ts'
import { actReason } from '#lib/kernel/use-case/fields.ts'
import { writeSideEffects } from '#lib/kernel/use-case/write-side-effect.ts'
import {
  assertDates,
  assertNewOwners,
  decidedBy,
  decision,
  resolveNewOwners,
  type SpaceOutcome,
} from './decide-spaces.ts'
import { notifyRemainingAccess } from './notify-remaining-access.ts'
import { removeAllAccess } from './remove-all-access.ts'
import { transferSpaces } from './transfer-spaces.ts'

export const offboardPersonInput = z.strictObject({
  id: z.uuid(),
  reason: actReason,
  confirmation: z.string().max(100),
  /** Further accounts at other providers. Accounts with the same subject are always included. */
  accounts: z.array(z.uuid()).max(maxAccounts).default([]),
  /** The decision about their spaces; null if they own none. */
  rest: decision.nullable(),
  /** Different decisions, by space id. */
  exceptions: z
    .record(z.uuid(), decision)
    .refine((all) => Object.keys(all).length <= maxOffboardedSpaces)
    .default({}),
})

/** 500 spaces and a thousand roles take a second, or several on a busy database. */
const transactionMs = 20_000

/** What ended, and the offboarding that collects the clusters' answers. */
type Offboarded = { id: string; ended: EndedCounts }

/**
 * Offboards a person in one transaction. Deactivates all their accounts with the same subject, and those at other
 * providers that the admin chose; transfers or ends all their spaces, roles, offers and requests. The worker then
 * removes them from the clusters and asks each what they can still do (prove-offboardings.ts). `rest` also applies to
 * spaces created in the meantime. No one can offboard themselves by any of their accounts, and two admins at once make
 * one act (docs/adr/0021-offboarding-is-proven.md).
 * @returns null if they were already offboarded
 * @throws AppError own_account, not_found, confirmation_mismatch, principal_unknown, self_escalation, end_in_past,
 *   space_too_long; object_changed if an account can't belong to them, or one has appeared; bad_input if they own more
 *   spaces than one act can handle, or a space has no decision
 */
export const offboardPerson = changeFound({
  by: { permission: 'offboard-person' },
  action: 'person.offboard',
  endsAccess: true,
  kind: 'person',
  input: offboardPersonInput,
  find: (db, _ctx, id) => findDepartingUser(db, id),
  holds: ({ id }) => ({ people: [id], spaceId: null }),
  prepare: async function prepareOffboardPerson({ ctx, found, input, about }) {
    const { id, reason, confirmation } = input
    about({ target: { kind: 'person', id, name: found.handle }, detail: { reason } })
    assertOthers(ctx, [found])
    if (confirmation.trim() !== found.handle) {
      const sentence = `Type ${found.handle} to confirm.`
      throw new AppError('confirmation_mismatch', { sentence, fields: { confirmation: sentence } })
    }
    if (found.offboarding !== null) return { result: null }
    const departingUsers = await accountsOf(ctx.db, found, input.accounts)
    assertOthers(ctx, departingUsers)
    assertDates(ctx, input)
    const newOwners = await resolveNewOwners(ctx, departingUsers, input)
    return {
      transactionMs,
      people: [...departingUsers.map((one) => one.id), ...[...newOwners.values()].map(({ userId }) => userId)],
      write: async function writeOffboardPerson({ tx, found: held, now, undo }): Promise<Offboarded | null> {
        if (held.offboarding !== null) undo()
        const same = await accountsOf(tx, held, input.accounts)
        if (same.map((one) => one.id).join() !== departingUsers.map((one) => one.id).join())
          throw new AppError('object_changed')
        assertDates(now, input)
        await assertNewOwners(tx, newOwners, input)
        const decide = decidedBy(input, newOwners)
        const actId = randomUUID()
        const closed = []
        await holdReachableSpaces(
          tx,
          same.map((one) => one.id),
          now.clock(),
        )
        for (const departingUser of same)
          closed.push(await closeAccount(now, tx, departingUser, { reason, decide, actId }))
        assertFits(closed)
        const [own, ...others] = closed.toSorted(
          (a, b) => Number(b.departingUser.id === id) - Number(a.departingUser.id === id),
        )
        if (own === undefined) throw new AppError('object_changed')
        await writeSideEffects(
          now,
          tx,
          others.map(({ departingUser, detail }) => ({
            action: 'person.offboard',
            target: { kind: 'person', id: departingUser.id, name: departingUser.handle },
            destination: 'portal',
            detail: { reason, ...detail, with: held.handle },
          })),
        )
        const accounts = others.map(({ departingUser }) => departingUser.handle)
        about({ detail: { ...own.detail, ...(accounts.length > 0 && { accounts }) } })
        return { id: own.detail.offboarding, ended: own.ended }
      },
      already: null,
    }
  },
})

/** @throws AppError own_account */
function assertOthers({ actor }: BrokerContext, departingUsers: readonly { id: string; handle: string }[]): void {
  const own = departingUsers.find(({ id }) => id === actor.userId)
  if (own === undefined) return
  throw new AppError('own_account', {
    sentence: `You can’t offboard yourself, and ${own.handle} is your account. Ask another platform admin.`,
  })
}

/**
 * @param chosen accounts that the admin includes
 * @returns the accounts to close: the person's, the chosen ones, and all others of their subjects
 * @throws AppError object_changed if a chosen account can't belong to the person
 */
async function accountsOf(
  reader: Parameters<typeof selectOtherAccounts>[0],
  departingUser: DepartingUser,
  chosen: readonly string[],
) {
  const possible = new Set(
    chosen.length === 0 ? [] : (await selectOtherAccounts(reader, departingUser.id, maxAccounts)).map(({ id }) => id),
  )
  if (chosen.some((id) => !possible.has(id))) throw new AppError('object_changed')
  return selectWithSameSubject(reader, [departingUser.id, ...chosen])
}

/** @throws AppError bad_input */
function assertFits(closed: readonly { ended: EndedCounts }[]): void {
  const spaces = closed.reduce((sum, { ended }) => sum + ended.spacesHandedOver + ended.spacesEnding, 0)
  if (spaces <= maxOffboardedSpaces) return
  throw new AppError('bad_input', {
    sentence: `These accounts own ${spaces} spaces, but one offboarding can handle only ${maxOffboardedSpaces}. Offboard the accounts one by one, or hand over some of their spaces first.`,
  })
}

type Act = { reason: string; decide: (spaceId: string) => SpaceOutcome; actId: string }

/**
 * Closes one account, whose row is locked, in the transaction of the act: deactivates it, and transfers or ends its
 * spaces, roles, offers and requests.
 * @returns what ended, and the details for the trail
 */
async function closeAccount(ctx: BrokerContext, tx: Tx, departingUser: DepartingUser, { reason, decide, actId }: Act) {
  const { sessions, credentials, spaces, tokens } = await deactivateAndEndAccess(ctx, tx, departingUser, reason)
  const passed = await transferSpaces(ctx, tx, departingUser, { decide, reason })
  const left = await removeAllAccess(ctx, tx, departingUser)
  const remainingAccess = await notifyRemainingAccess(ctx, tx, departingUser)
  await forgetClaims(tx, departingUser.id)
  const ended: EndedCounts = { sessions, credentials, ...left, ...passed }
  const offboarding = randomUUID()
  await insertOffboarding(tx, {
    ...{ id: offboarding, actId, personId: departingUser.id, byId: ctx.actor.userId },
    ...{ reason, at: ctx.clock(), ended, spacesHeld: spaces, clusters: ctx.clusters.names },
  })
  const detail = { offboarding, ...ended, remainingAccess, ...(tokens.length > 0 && { tokensStopped: tokens }) }
  return { departingUser, ended, detail }
}
