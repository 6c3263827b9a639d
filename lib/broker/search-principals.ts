import { z } from 'zod'
import { searchPrincipals as searchInDb } from '../db/find-principal.ts'
import type { Principal } from '../domain/person.ts'
import { authorizeSpace, spaceKey } from './authorize.ts'
import type { BrokerContext } from './context.ts'

export const searchPrincipalsInput = z.strictObject({ space: spaceKey, text: z.string().trim().max(100) })

const most = 8

/** Suggests people and groups to somebody who may add members to the space. Nothing for fewer than two characters. */
export async function searchPrincipals(
  ctx: BrokerContext,
  input: z.infer<typeof searchPrincipalsInput>,
): Promise<Principal[]> {
  await authorizeSpace(ctx, 'search-principals', input.space)
  return input.text.length < 2 ? [] : searchInDb(ctx.db, input.text, most)
}
