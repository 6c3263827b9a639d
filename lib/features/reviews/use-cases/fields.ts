import { z } from 'zod'
import { earliest, latest } from '#lib/kernel/model/calendar.ts'

/** When a review ends. */
export const dueAt = z.date('Choose a day.').min(earliest).max(latest)
