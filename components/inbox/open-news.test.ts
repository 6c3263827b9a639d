import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openNews } from './open-news.ts'

beforeEach(() => {
  const kept = new Map<string, string>()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const event = (id: string) => ({ id, at: 0, sentence: `${id} happened.`, path: `/requests/${id}`, isAlarm: false })
const always = () => true

test('each event is shown once, oldest first, even after a reload', () => {
  const news = openNews()
  news.add([event('b'), event('a')])
  news.add([event('b'), event('a')])
  expect(news.take(always).map(({ message }) => message)).toEqual(['a happened.', 'b happened.'])
  expect(news.take(always)).toEqual([])
  const again = openNews()
  again.add([event('c'), event('b')])
  expect(again.take(always)).toEqual([
    { id: 'c', message: 'c happened.', label: 'Open', path: '/requests/c', isAlarm: false },
  ])
})

test('events wait until the page is visible, and only the newest of many are shown one by one', () => {
  const news = openNews()
  for (const id of ['a', 'b', 'c', 'd', 'e']) news.add([event(id)])
  expect(news.take(always).map(({ message }) => message)).toEqual(['3 more events.', 'd happened.', 'e happened.'])
})

test('events that the page shows get no toast, then or later', () => {
  const news = openNews()
  news.add([event('b'), event('a')])
  expect(news.take(({ id }) => id !== 'a').map(({ id }) => id)).toEqual(['b'])
  expect(news.take(always)).toEqual([])
})
