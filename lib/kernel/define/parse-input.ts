import type { z } from 'zod'
import { AppError } from '#lib/kernel/model/errors.ts'

/** @returns the parsed input; @throws AppError bad_input, with an error per field in `fields` */
export function parseInput<P, I>(schema: z.ZodType<P, I>, input: I): P {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const fields: Record<string, string> = {}
  for (const { path, message } of parsed.error.issues) fields[path.map(String).join('.') || 'form'] ??= message
  throw new AppError('bad_input', { detail: Object.keys(fields).join(', '), fields })
}
