import { z } from 'zod'
import { earliest, latest } from '#lib/kernel/model/calendar.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { isPlainText } from '#lib/kernel/model/plain-text.ts'
import type { Services } from './context.ts'

export const spaceName = z.string().trim().max(100)
export const description = z.string().trim().max(500)
export const endsAt = z.date().min(earliest).max(latest).nullable()

/** The reason of a platform admin who gives by platform role; otherwise optional. */
export const platformAdminReason = z.string().trim().max(1_000).default('')

/** The reason of a platform admin who acts on another person’s account; required. */
export const actReason = z.string().trim().min(3, 'Give a reason, in a few words.').max(1_000)

/** A person's own name for an object, on one line; may be empty. */
export const label = z
  .string()
  .trim()
  .max(60, 'At most 60 characters.')
  .refine((text) => isPlainText(text) && !/[\t\n\r]/.test(text), 'Use visible characters.')

export function assertFuture(ctx: Pick<Services, 'clock'>, end: Date | null): void {
  if (end && end <= ctx.clock())
    throw new AppError('end_in_past', { fields: { endsAt: 'The end date must be in the future.' } })
}
