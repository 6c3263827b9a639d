import { z } from 'zod'
import { AppError } from '#lib/kernel/model/errors.ts'
import { isPlainText } from '#lib/kernel/model/plain-text.ts'

/**
 * Parses a submitted form strictly: each field once, only text, and only fields of the schema. The framework's own
 * fields (`$ACTION_…`) are ignored.
 * @param form the action's argument; a forged call may send anything
 * @throws AppError bad_input, with the errors in `fields`
 */
export function parseForm<I>(schema: z.ZodType<I>, form: unknown): I {
  if (!(form instanceof FormData)) throw new AppError('bad_input', { detail: 'not a form' })
  return parseArgument(schema, readFields(form))
}

/**
 * Like parseForm, for the query of a URL.
 * @throws AppError bad_input
 */
export const parseSearchParams = <I>(schema: z.ZodType<I>, query: URLSearchParams): I =>
  parseArgument(schema, readFields(query))

function readFields(fields: Iterable<[string, unknown]>): Record<string, string> {
  const values: Record<string, string> = Object.create(null)
  for (const [name, value] of fields) {
    if (name.startsWith('$ACTION_')) continue
    if (typeof value !== 'string') throw new AppError('bad_input', { fields: { [name]: 'A file isn’t allowed here.' } })
    if (name in values) throw new AppError('bad_input', { fields: { [name]: 'This field was sent more than once.' } })
    values[name] = value
  }
  return { ...values }
}

/**
 * Like parseForm, for plain arguments.
 * @throws AppError bad_input
 */
export function parseArgument<I>(schema: z.ZodType<I>, input: unknown): I {
  refuseUnknown(schema, input)
  const parsed = schema.safeParse(input, { reportInput: true })
  if (parsed.success) {
    refuseDeceiving(parsed.data)
    return parsed.data
  }
  const fields: Record<string, string> = {}
  for (const issue of parsed.error.issues) {
    const names = issue.code === 'unrecognized_keys' ? issue.keys : [fieldOf(issue.path)]
    for (const name of names)
      fields[name] ??= issue.code === 'unrecognized_keys' ? 'Unknown field.' : sentenceFor(issue)
  }
  throw new AppError('bad_input', { detail: Object.keys(fields).join(', '), fields })
}

/** An item of a list has no field of its own. */
const fieldOf = (path: readonly PropertyKey[]): string =>
  (typeof path.at(-1) === 'number' ? path.slice(0, -1) : path).map(String).join('.') || 'form'

/** Refuses unknown fields even if the schema isn't strict. */
function refuseUnknown(schema: z.ZodType, input: unknown): void {
  let outer: unknown = schema
  while (outer instanceof z.ZodPipe) outer = outer.in
  if (!(outer instanceof z.ZodObject) || typeof input !== 'object' || input === null) return
  const shape = outer.shape
  const unknown = Object.keys(input).filter((name) => !Object.hasOwn(shape, name))
  if (unknown.length > 0) {
    const fields = Object.fromEntries(unknown.map((name) => [name, 'Unknown field.']))
    throw new AppError('bad_input', { detail: unknown.join(', '), fields })
  }
}

/**
 * Refuses deceptive characters in every field: other people read the text in the portal, the trail or a terminal.
 * Postgres can't store some of them, which would look like an internal error.
 * @param input has passed its schema, so it is finite
 */
function refuseDeceiving(input: unknown, field = 'form'): void {
  if (typeof input === 'string' && !isPlainText(input))
    throw new AppError('bad_input', {
      detail: field,
      fields: { [field]: 'Contains an invisible or unsupported character. Type the text instead of pasting it.' },
    })
  if (typeof input === 'object' && input !== null)
    for (const [name, value] of Object.entries(input))
      refuseDeceiving(
        value,
        Array.isArray(input) && typeof value === 'string' ? field : field === 'form' ? name : `${field}.${name}`,
      )
}

function sentenceFor(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return issue.input === undefined ? 'Fill this in.' : 'Invalid value.'
  if (issue.code === 'too_small' && issue.origin === 'string')
    return issue.input === '' ? 'Fill this in.' : `Write at least ${issue.minimum} characters.`
  if (issue.code === 'too_big' && issue.origin === 'string') return `At most ${issue.maximum} characters.`
  if (issue.code === 'invalid_value') return 'Choose one of the options.'
  return issue.message
}
