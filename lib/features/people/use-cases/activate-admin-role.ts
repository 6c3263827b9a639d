import { z } from 'zod'
import { markAdmin } from '#lib/features/people/db/mark-admin.ts'
import { selectAdminIds } from '#lib/kernel/db/people/admins.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { actReason } from '#lib/kernel/use-case/fields.ts'
import { nameOf, notifyPeople } from '#lib/kernel/use-case/notify-people.ts'

export const activateAdminRoleInput = z.strictObject({
  reason: actReason,
  minutes: z.int('Choose a duration.').min(1, 'Choose a duration.'),
})

/**
 * Activates the platform admin role for a person whose groups make them eligible, for a limited time from now. Notifies
 * all other eligible people.
 * @returns when it ends
 * @throws AppError forbidden; bad_input if the time is too long, or the role needs no activation
 */
export const activateAdminRole = changePlatform({
  permission: 'activate-admin-role',
  action: 'admin-role.activate',
  input: activateAdminRoleInput,
  about: ({ reason, minutes }, { actor }) => ({
    target: { kind: 'person', id: actor.userId, name: actor.handle },
    detail: { reason, minutes },
  }),
  prepare: function prepareActivateAdminRole({ ctx, input: { reason, minutes }, about }) {
    const { actor } = ctx
    const { adminMinutes } = ctx.policy
    if (adminMinutes === 0)
      throw new AppError('bad_input', { sentence: 'You always have this role, so there is nothing to activate.' })
    if (minutes > adminMinutes) {
      const sentence = `The role can be active for at most ${adminMinutes} minutes.`
      throw new AppError('bad_input', { sentence, fields: { minutes: sentence } })
    }
    const until = new Date(ctx.clock().getTime() + minutes * 60_000)
    about({ detail: { until: until.toISOString() } })
    return {
      write: async function writeActivateAdminRole({ tx }) {
        await markAdmin(tx, actor.userId, { until, reason })
        const event = {
          kind: 'admin-role-activated' as const,
          by: nameOf(actor),
          reason,
          endsAt: until.toISOString(),
        }
        await notifyPeople(ctx, tx, event, { to: await selectAdminIds(tx, ctx.issuers) })
        return until
      },
    }
  },
})
