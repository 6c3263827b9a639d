import { z } from 'zod'
import { earliest, latest } from '#lib/kernel/model/calendar.ts'

export const dueAt = z.date('Choose a day.').min(earliest).max(latest)
