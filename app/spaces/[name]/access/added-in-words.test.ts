import { expect, test } from 'vitest'
import type { ResolvedPrincipal } from '#lib/features/access/use-cases/resolve-principal.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { addedInWords, isAboutOne, partlyAddedInWords } from './added-in-words.ts'

const group: ResolvedPrincipal = { kind: 'group', group: 'green', issuer: 'https://issuer.test' }
const done = (...principals: string[]) => principals.map((principal) => ({ one: { principal }, output: group }))
const refused = (principal: string, error: AppError) => ({ one: { principal }, error })
const exists = new AppError('grant_exists')

test('everyone was added', () => {
  expect(addedInWords([group])).toBe('Added the group green. Its members can use the space now.')
  expect(addedInWords([group, group, group])).toBe('Added 3 members. They can use the space now.')
})

test('some were refused: the same reason is given once', () => {
  expect(
    partlyAddedInWords(
      {
        done: done('a', 'b'),
        refused: [
          refused('user:ann-1', exists),
          refused('group@partner:green', new AppError('principal_unknown', { sentence: 'No such group.' })),
          refused('group:blue', exists),
        ],
        stop: null,
      },
      5,
      null,
    ),
  ).toBe(
    'Added 2 of 5. ann-1, group blue: They already have a role here. Change that one instead. group green of partner: No such group.',
  )
  expect(partlyAddedInWords({ done: [], refused: [refused('ann-1', exists)], stop: null }, 2, null)).toMatch(
    /^No one was added\. ann-1: They already/,
  )
})

test('the rest wasn’t tried', () => {
  const stop = { one: { principal: 'user:ben-2' }, error: new AppError('rate_limited') }
  expect(partlyAddedInWords({ done: done('a'), refused: [], stop }, 4, 'Wait a minute.')).toBe(
    'Added 1 of 4. ben-2 and 2 more weren’t added: Wait a minute.',
  )
})

test('an error about one says nothing about the others; an error about the form or the adder does', () => {
  const unknown = new AppError('principal_unknown', { fields: { principal: 'Who?' } })
  for (const error of [exists, unknown, new AppError('grant_owner'), new AppError('self_escalation')])
    expect(isAboutOne(error), error.code).toBe(true)
  for (const code of [
    'rate_limited',
    'forbidden',
    'not_found',
    'beyond_own',
    'end_in_past',
    'outcome_unknown',
  ] as const)
    expect(isAboutOne(new AppError(code)), code).toBe(false)
})
