import { expect, test } from 'vitest'
import { parseJson } from './parse-json.ts'

test('brackets in strings don’t count as depth, and keys are the object’s own', () => {
  const text = `{"a":"${'['.repeat(50)}","b":"\\"${'{'.repeat(50)}"}`
  expect(parseJson(text)).toHaveProperty('a')
  expect(Object.hasOwn(parseJson('{"__proto__":{"x":1}}'), '__proto__')).toBe(true)
})

test.each(['[]', '1', 'null', '{', '', `${'{"a":'.repeat(13)}1${'}'.repeat(13)}`, '['.repeat(100_000)])(
  '%# is refused',
  (text) => expect(() => parseJson(text)).toThrow(expect.objectContaining({ code: 'scim_syntax' })),
)
