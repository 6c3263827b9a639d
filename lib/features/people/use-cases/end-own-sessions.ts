import { z } from 'zod'
import { endSessions } from '#lib/kernel/db/people/sessions.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { sessionIdleSince } from '#lib/kernel/model/people/session-life.ts'

export const endOwnSessionsInput = z.strictObject({ choice: z.enum(['only', 'except']), session: z.uuid() })

/**
 * Ends one of the person's own sessions, or all but one. Other people's session ids are ignored.
 * @returns the number of ended sessions
 */
export const endOwnSessions = changePlatform({
  permission: 'end-own-sessions',
  action: 'session.end',
  endsAccess: true,
  input: endOwnSessionsInput,
  about: ({ choice, session }, { actor }) => ({
    target: { kind: 'person', id: actor.userId, name: actor.handle },
    detail: { [choice]: session },
  }),
  prepare: function prepareEndOwnSessions({ ctx, input: { choice, session }, about }) {
    return {
      write: async function writeEndOwnSessions({ tx, undo }) {
        const at = ctx.clock()
        const chosen = choice === 'only' ? { only: session } : { except: session }
        const sessions = await endSessions(tx, ctx.actor.userId, chosen, { at, idleSince: sessionIdleSince(at) })
        if (sessions === 0) undo()
        about({ detail: { sessions } })
        return sessions
      },
      already: 0,
    }
  },
})
