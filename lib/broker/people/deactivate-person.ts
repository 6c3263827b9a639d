import { z } from 'zod'
import { changeFound } from '#lib/broker/define/change-found.ts'
import { actReason } from '#lib/broker/use-case/fields.ts'
import { revokeAll } from '#lib/broker/use-case/revoke-all.ts'
import { endSessions } from '#lib/db/end-sessions.ts'
import { enqueueReconcileForPerson } from '#lib/db/enqueue-reconcile.ts'
import { findAccount } from '#lib/db/find-account.ts'
import { markDeactivated } from '#lib/db/mark-person.ts'
import { AppError } from '#lib/domain/errors.ts'
import { sessionIdleSince } from '#lib/domain/session-life.ts'

export const deactivatePersonInput = z.strictObject({ id: z.uuid(), reason: actReason })

/** How many sessions, credentials and spaces it concerned. */
type Ended = { sessions: number; credentials: number; spaces: number }

/**
 * Shuts a person out at once: their sessions end, their credentials are revoked for good, every gateway cuts their open
 * streams, and the worker removes them from the bindings of their spaces. What they own and were given stays. Somebody
 * else has to do it, so whoever does it is an active platform admin afterwards too
 * (docs/adr/0027-deactivated-until-an-admin-reactivates.md).
 * @throws AppError own_account, not_found
 */
export const deactivatePerson = changeFound({
  by: { permission: 'deactivate-person' },
  action: 'person.deactivate',
  kind: 'person',
  input: deactivatePersonInput,
  find: (db, _ctx, id) => findAccount(db, id),
  holds: ({ id }) => ({ people: [id], spaceId: null }),
  prepare({ ctx, found, input: { id, reason }, about }) {
    about({ target: { kind: 'person', id, name: found.handle }, detail: { reason } })
    if (id === ctx.actor.userId) throw new AppError('own_account')
    const none: Ended = { sessions: 0, credentials: 0, spaces: 0 }
    if (found.deactivatedAt) return { result: none }
    return {
      async write({ tx, undo }): Promise<Ended> {
        const at = ctx.clock()
        if (!(await markDeactivated(tx, id, { at, byId: ctx.actor.userId, reason }))) undo()
        const sessions = await endSessions(tx, id, { except: null }, { at, idleSince: sessionIdleSince(at) })
        // Before credentials: a deletion holds its space first too.
        const spaces = await enqueueReconcileForPerson(tx, id, at)
        const person = found.handle
        const credentials = await revokeAll(
          ctx,
          tx,
          { query: { person } },
          { limit: Number.MAX_SAFE_INTEGER, detail: { person, reason } },
        )
        about({ detail: { sessions, credentials, spaces } })
        return { sessions, credentials, spaces }
      },
      already: none,
    }
  },
})
