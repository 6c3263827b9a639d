import { z } from 'zod'
import { scimFailure } from './scim-failure.ts'
import { searchRequest } from './urns.ts'

const search = z.object({
  schemas: z.array(z.string()).refine((schemas) => schemas.includes(searchRequest)),
  filter: z.string().optional(),
  startIndex: z.int().optional(),
  count: z.int().optional(),
  attributes: z.array(z.string()).optional(),
  excludedAttributes: z.array(z.string()).optional(),
})

/**
 * @returns a search in a body (RFC 7644, section 3.4.3) as the parameters of a GET
 * @throws AppError scim_syntax
 */
export function parseSearch(body: object): URLSearchParams {
  const parsed = search.safeParse(body)
  if (!parsed.success) throw scimFailure('scim_syntax', `This is not a search: it needs the schema ${searchRequest}.`)
  const { schemas: _, ...parameters } = parsed.data
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return new URLSearchParams(given)
}
