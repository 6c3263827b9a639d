import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { writeChoice } from '#lib/features/spaces/model/space-choice.ts'
import { spaceChoice } from './parse-space-choice.ts'

const some = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: randomUUID(), cluster: 'main', name: `web-${at}` }))
const id = randomUUID()

test('written choices are read back', () => {
  const spaces = some(50)
  expect(spaceChoice.parse(writeChoice(spaces))).toEqual(spaces)
})

test('the longest names of fifty spaces fit', () => {
  const spaces = some(50).map((space) => ({ ...space, cluster: 'c'.repeat(32), name: 'n'.repeat(63) }))
  expect(spaceChoice.parse(writeChoice(spaces))).toEqual(spaces)
})

test.each([
  ['nothing', ''],
  ['51 spaces', writeChoice(some(51))],
  ['10,000 spaces', writeChoice(some(10_000))],
  [
    'the same space twice',
    writeChoice([...some(1), { id, cluster: 'main', name: 'a' }, { id, cluster: 'main', name: 'b' }]),
  ],
  ['a name instead of an id', 'web/main/web'],
  ['a missing part', `${id}/main`],
  ['an extra part', `${id}/main/web/x`],
  ['an empty name', `${id}/main/`],
  ['an empty choice at the end', `${id}/main/web,`],
  ['an invalid name', `${id}/main/${'n'.repeat(64)}`],
])('%s is refused', (_, text) => {
  expect(spaceChoice.safeParse(text).success).toBe(false)
})
