import { z } from 'zod'
import { type SearchParams, validParam } from '#app/search-params.ts'
import { type CredentialQuery, credentialQuery } from '#lib/kernel/model/people/credential-query.ts'

const { person, space, after } = credentialQuery.shape

/** A number of days as text. */
export const dayCount = z
  .string()
  .regex(/^[1-9]\d{0,2}$/, 'Enter a number of days.')
  .transform(Number)
  .pipe(z.number().max(365, 'At most 365 days.'))

const address = z.strictObject({
  person,
  space,
  olderThan: dayCount.optional(),
  unusedFor: dayCount.optional(),
  endsWithin: dayCount.optional(),
  after,
})

/** @returns the list's query in the URL; invalid values are ignored */
export const readCredentialQuery = (params: SearchParams): CredentialQuery => {
  const { shape } = address
  return {
    person: validParam(params, 'person', shape.person),
    space: validParam(params, 'space', shape.space),
    olderThan: validParam(params, 'olderThan', shape.olderThan),
    unusedFor: validParam(params, 'unusedFor', shape.unusedFor),
    endsWithin: validParam(params, 'endsWithin', shape.endsWithin),
    after: validParam(params, 'after', shape.after),
  }
}

/** The query parameters of the list. */
export const credentialParams = address.keyof().options

/** Like readCredentialQuery, for requests for rows only: invalid values are refused. */
export const credentialRowsQuery = address.transform((query): CredentialQuery => query)
