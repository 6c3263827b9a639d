import { expect, test } from 'vitest'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { parseForm } from '#lib/web/action/parse-form.ts'
import { addMembersForm, eachMember, mostAtOnce } from './add-members-form.ts'

type Fields = readonly (readonly [string, string])[]

const terms: Fields = [
  ['space', 'payments'],
  ['role', 'viewer'],
  ['endsAt', '2027-01-02'],
]

function parse(fields: Fields) {
  const form = new FormData()
  for (const [name, value] of [...terms, ...fields]) form.append(name, value)
  return eachMember(parseForm(addMembersForm, form))
}

function fieldsOf(fields: Fields) {
  try {
    parse(fields)
  } catch (error) {
    if (isAppError(error, 'bad_input')) return error.fields
    throw error
  }
  return null
}

const principals = (fields: Fields) => parse(fields).map(({ principal }) => principal)
const many = (count: number) => Array.from({ length: count }, (_, at) => `user:ann-${at}`).join('\n')

test('those picked and the one typed get the same terms, each once', () => {
  expect(
    parse([
      ['principal.picked', 'user:ann-1\r\ngroup:team, green\r\n'],
      ['principal', ' user:ben-2 '],
    ]),
  ).toEqual(
    ['user:ann-1', 'group:team, green', 'user:ben-2'].map((principal) => ({
      space: { name: 'payments' },
      principal,
      role: 'viewer',
      endsAt: new Date('2027-01-02T23:59:59Z'),
      reason: '',
    })),
  )
  expect(
    principals([
      ['principal.picked', 'user:ann-1\nuser:ann-1'],
      ['principal', 'user:ann-1'],
    ]),
  ).toEqual(['user:ann-1'])
})

test('one typed name is enough, as without scripts', () => {
  expect(principals([['principal', 'ann-1']])).toEqual(['ann-1'])
  expect(
    principals([
      ['principal', 'ann-1'],
      ['principal.picked', ''],
    ]),
  ).toEqual(['ann-1'])
  expect(principals([['principal.picked', 'user:ann-1']])).toEqual(['user:ann-1'])
})

test('the form takes as many as it says, and says so for more', () => {
  expect(principals([['principal.picked', many(mostAtOnce)]])).toHaveLength(mostAtOnce)
  const tooMany = { principal: 'At most 50 people and groups at once.' }
  expect(fieldsOf([['principal.picked', many(mostAtOnce + 1)]])).toEqual(tooMany)
  expect(
    fieldsOf([
      ['principal.picked', many(mostAtOnce)],
      ['principal', 'user:one-more'],
    ]),
  ).toEqual(tooMany)
  expect(fieldsOf([['principal.picked', many(10_000)]])).toEqual(tooMany)
})

test.each<[string, Fields, string]>([
  ['no one', [['principal', '']], 'principal'],
  ['no field', [], 'principal'],
  ['only blanks', [['principal.picked', ' \n\t\n ']], 'principal'],
  ['a huge text', [['principal', 'a'.repeat(1_000_000)]], 'principal'],
  ['a huge line', [['principal.picked', `user:ann-1\n${'a'.repeat(1_101)}`]], 'principal'],
  ['a control character', [['principal.picked', 'user:ann-1\nuser:b\u0007en']], 'principal'],
  ['a reversed text', [['principal', 'group:\u202egreen']], 'principal'],
  [
    'a field sent twice',
    [
      ['principal.picked', 'user:ann-1'],
      ['principal.picked', 'user:ben-2'],
    ],
    'principal.picked',
  ],
  [
    'a list’s syntax',
    [
      ['principal', 'user:ann-1'],
      ['principal.0', 'user:ben-2'],
    ],
    'principal.0',
  ],
  [
    'a second space',
    [
      ['principal', 'user:ann-1'],
      ['space', 'other'],
    ],
    'space',
  ],
  [
    'an unknown field',
    [
      ['principal', 'user:ann-1'],
      ['createdById', 'me'],
    ],
    'createdById',
  ],
])('%s is refused at its field', (_, fields, field) => {
  expect(Object.keys(fieldsOf(fields) ?? {})).toEqual([field])
})

test('a file is refused', () => {
  const form = new FormData()
  for (const [name, value] of terms) form.append(name, value)
  form.append('principal.picked', new Blob(['user:ann-1']), 'people.txt')
  expect(() => parseForm(addMembersForm, form)).toThrow('bad_input')
})

test('an invalid role or day is reported once, however many are added', () => {
  const form = new FormData()
  for (const [name, value] of [...terms, ['principal.picked', many(3)] as const]) form.set(name, value)
  form.set('role', 'owner')
  expect(() => parseForm(addMembersForm, form)).toThrow('bad_input: role')
  form.set('role', 'viewer')
  form.set('endsAt', '2027-02-30')
  expect(() => parseForm(addMembersForm, form)).toThrow('bad_input: endsAt')
})
