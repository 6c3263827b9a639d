import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { insertTrailCheck } from '#lib/features/audit/db/chain/trail-checks.ts'
import { changePlatform } from '#lib/kernel/define/change-platform.ts'
import { earliest, latest } from '#lib/kernel/model/calendar.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

const instant = z.date().min(earliest).max(latest).nullable()

/** The period in which blocks were sealed; null: from the start, to the end. */
export const verifyTrailInput = z.strictObject({ fromAt: instant, toAt: instant })

/**
 * Requests a verification of the trail by the worker (run-trail-check.ts). Only one runs at a time.
 * @throws AppError trail_check_running, bad_input when the range is empty
 */
export const verifyTrail = changePlatform({
  permission: 'verify-trail',
  action: 'trail.verify',
  input: verifyTrailInput,
  about: ({ fromAt, toAt }) => ({
    target: { kind: 'trail' },
    detail: { ...(fromAt && { from: fromAt.toISOString() }), ...(toAt && { to: toAt.toISOString() }) },
  }),
  prepare: function prepareVerifyTrail({ ctx, input: { fromAt, toAt }, about }) {
    if (fromAt && toAt && fromAt >= toAt)
      throw new AppError('bad_input', { fields: { to: 'Choose a time after the start.' } })
    const id = randomUUID()
    about({ target: { kind: 'trail', id } })
    return {
      write: async function writeVerifyTrail({ tx }) {
        if (!(await insertTrailCheck(tx, { id, byId: ctx.actor.userId, fromAt, toAt })))
          throw new AppError('trail_check_running')
        return { id }
      },
    }
  },
})
