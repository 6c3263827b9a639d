import { expect, test } from 'vitest'
import type { AccessRow } from '#lib/gateway/db/select-access.ts'
import { accessRow } from './access-fixture.ts'
import { createPatientLookUp } from './patient-look-up.ts'

const row = (tokenHash: string) => accessRow({ tokenHash })

function setUp(answer: (hashes: readonly string[]) => Promise<AccessRow[]>) {
  const asked: (readonly string[])[] = []
  const lookUp = createPatientLookUp((hashes) => {
    asked.push(hashes)
    return answer(hashes)
  })
  return { asked, lookUp }
}

test('all waiting look-ups share one query, and each gets its own answer', async () => {
  const { asked, lookUp } = setUp(async () => [row('good')])
  expect(await Promise.all(['bad', 'good', 'bad'].map(lookUp))).toEqual([undefined, row('good'), undefined])
  expect(asked).toEqual([['bad', 'good']])
})

test('one query runs at a time; look-ups that arrive during it go into the next', async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const begun = Promise.withResolvers<void>()
  const { asked, lookUp } = setUp(async () => {
    const gate = gates[asked.length - 1]
    begun.resolve()
    await gate?.promise
    return asked.length > 1 ? [row('late')] : []
  })
  const first = lookUp('late')
  await begun.promise
  const second = lookUp('late')
  gates[0]?.resolve()
  expect(await first).toBeUndefined()
  gates[1]?.resolve()
  expect(await second).toEqual(row('late'))
  expect(asked).toEqual([['late'], ['late']])
})

test('one look-up too many is refused with a hint to retry, and the others are answered', async () => {
  const { lookUp } = setUp(async () => [])
  const waiting = Promise.all(Array.from({ length: 1_000 }, (_, index) => lookUp(`hash ${index}`)))
  await expect(lookUp('d')).rejects.toMatchObject({ key: 'too_many_failures', details: { retryAfterSeconds: 1 } })
  expect(new Set(await waiting)).toEqual(new Set([undefined]))
  expect(await lookUp('d')).toBeUndefined()
})

test('a failed query rejects all waiting look-ups, and the next one runs', async () => {
  let fails = true
  const { lookUp } = setUp(async () => {
    if (fails) throw new Error('gone')
    return [row('a')]
  })
  for (const result of await Promise.allSettled([lookUp('a'), lookUp('b')])) expect(result.status).toBe('rejected')
  fails = false
  expect(await lookUp('a')).toEqual(row('a'))
})
