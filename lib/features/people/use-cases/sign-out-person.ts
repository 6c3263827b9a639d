import { z } from 'zod'
import { findAccount } from '#lib/kernel/db/people/find-person.ts'
import { endSessions } from '#lib/kernel/db/people/sessions.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { sessionIdleSince } from '#lib/kernel/model/people/session-life.ts'
import { nameOf, notifyPeople } from '#lib/kernel/use-case/notify-people.ts'

export const signOutPersonInput = z.strictObject({
  id: z.uuid(),
  /** One of their sessions; all if omitted. */
  session: z.uuid().optional(),
})

/**
 * Ends a person's sessions as a platform admin. Their credentials keep working.
 * @returns the number of ended sessions
 * @throws AppError not_found
 */
export const signOutPerson = changeFound({
  by: { permission: 'sign-out-person' },
  action: 'session.end',
  endsAccess: true,
  kind: 'person',
  input: signOutPersonInput,
  find: (db, _ctx, id) => findAccount(db, id),
  holds: ({ id }) => ({ people: [id], spaceId: null }),
  prepare: function prepareSignOutPerson({ ctx, found, input: { id, session }, about }) {
    about({ target: { kind: 'person', id, name: found.handle }, detail: session ? { session } : {} })
    return {
      write: async function writeSignOutPerson({ tx, undo }) {
        const at = ctx.clock()
        const choice = session === undefined ? { except: null } : { only: session }
        const sessions = await endSessions(tx, id, choice, { at, idleSince: sessionIdleSince(at) })
        if (sessions === 0) undo()
        if (session === undefined)
          await notifyPeople(ctx, tx, { kind: 'sessions-ended', by: nameOf(ctx.actor), credentials: 0 }, { to: [id] })
        about({ detail: { sessions } })
        return sessions
      },
      already: 0,
    }
  },
})
