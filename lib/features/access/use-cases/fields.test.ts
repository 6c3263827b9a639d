import { expect, test } from 'vitest'
import { commonResources, commonVerbs } from '#lib/features/access/model/requested-right.ts'
import { askedResource, askedVerb } from './fields.ts'

test('suggestions are accepted', () => {
  for (const resource of commonResources) expect(askedResource.safeParse(resource).success).toBe(true)
  for (const verb of commonVerbs) expect(askedVerb.safeParse(verb).success).toBe(true)
})

test('a verb is one lowercase word', () => {
  for (const verb of ['', '*', 'Get', 'get list', 'get\u0000']) expect(askedVerb.safeParse(verb).success).toBe(false)
})
