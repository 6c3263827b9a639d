import { beforeEach, expect, test, vi } from 'vitest'
import { maxRecent } from '#lib/features/search/model/search-limits.ts'
import { noteRecentId, readRecentIds, recentParams } from './recent-ids.ts'

let stored: Map<string, string>
beforeEach(() => {
  stored = new Map()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  })
})

test('the last used comes first, without duplicates, up to the server’s limit', () => {
  for (let at = 0; at < maxRecent + 3; at++) noteRecentId(`page:/${at}`)
  noteRecentId('page:/5')
  const ids = readRecentIds()
  expect(ids).toHaveLength(maxRecent)
  expect(ids[0]).toBe('page:/5')
  expect(new Set(ids).size).toBe(maxRecent)
})

test.each(['not json', '{"a":1}', 'null', '[1,{},["x"]]', JSON.stringify(['x'.repeat(101)])])(
  'invalid stored values are ignored: %s',
  (text) => {
    stored.set('spaceport-recent', text)
    expect(readRecentIds()).toEqual([])
  },
)

test('only people, spaces and the spaces of actions are looked up', () => {
  const id = '0b9c6a4e-3f0d-4b55-9d65-6f2f6f4b1c11'
  const other = '5c3d2f60-8a57-4a0c-9f35-0f6d0f0a7e22'
  expect(recentParams([`do:activity:${id}`, `space:${id}`, 'page:/credentials', `person:${other}`, other])).toEqual({
    spaces: id,
    people: other,
  })
  expect(recentParams(['person:../admin', 'space:1', `space:${id}&all=1`])).toEqual({})
})
