import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { mergeStreams } from './merge-streams.ts'

async function* several(name: string, count: number) {
  for (let i = 0; i < count; i++) yield `${name}${i}\n`
}

test('all chunks arrive, in order within each text, and the stream ends with the last one', async () => {
  const onEnd = vi.fn()
  const lines = (await text(mergeStreams([several('a', 100), several('b', 50), several('c', 0)], onEnd)))
    .trim()
    .split('\n')
  expect(lines).toHaveLength(150)
  for (const [name, count] of [
    ['a', 100],
    ['b', 50],
  ] as const)
    expect(lines.filter((line) => line.startsWith(name))).toEqual(
      Array.from({ length: count }, (_, i) => `${name}${i}`),
    )
  expect(onEnd).toHaveBeenCalledTimes(1)
})

test('unread data isn’t fetched, so memory use stays low', async () => {
  let asked = 0
  async function* endless() {
    for (;;) {
      asked++
      yield 'x'.repeat(64 * 1024)
    }
  }
  const onEnd = vi.fn()
  const body = mergeStreams([endless(), endless()], onEnd)
  await delay(50)
  expect(asked).toBeLessThan(12)
  const reader = body.getReader()
  await reader.read()
  await delay(20)
  expect(asked).toBeLessThan(16)
  await reader.cancel()
  await delay(20)
  expect(onEnd).toHaveBeenCalledTimes(1)
})

test('if one source fails, the reader gets the error, and the others end', async () => {
  async function* failing() {
    yield 'a'
    throw new Error('broken')
  }
  const onEnd = vi.fn()
  await expect(text(mergeStreams([failing(), several('b', 3)], onEnd))).rejects.toThrow('broken')
  expect(onEnd).toHaveBeenCalledTimes(1)
})
