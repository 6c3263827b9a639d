import { z } from 'zod'
import { askOffboardingAgainNow, findOpenOffboarding } from '#lib/features/offboarding/db/offboardings.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'

export const askOffboardingAgainInput = z.strictObject({ id: z.uuid() })

/**
 * Asks the clusters that still allow access again now, typically after an admin has removed it.
 * @throws AppError not_found, also if the certificate is complete
 */
export const askOffboardingAgain = changeFound({
  by: { permission: 'offboard-person' },
  action: 'offboarding.ask-again',
  kind: 'offboarding',
  input: askOffboardingAgainInput,
  find: (db, _ctx, id) => findOpenOffboarding(db, id),
  prepare: function prepareAskOffboardingAgain({ ctx, found: { person }, input: { id }, about }) {
    about({ target: { kind: 'person', id: person.id, name: person.handle } })
    return {
      write: async function writeAskOffboardingAgain({ tx, undo }) {
        const clusters = await askOffboardingAgainNow(tx, id, ctx.clock())
        if (clusters === 0) undo()
        about({ detail: { clusters } })
      },
      already: undefined,
    }
  },
})
