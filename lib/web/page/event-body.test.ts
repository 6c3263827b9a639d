import { expect, test } from 'vitest'
import { eventBody } from './event-body.ts'

const turn = () => new Promise((resolve) => setTimeout(resolve, 0))

test('for a reader that doesn’t read, only one message is buffered', async () => {
  let room = 0
  const events = eventBody({ onRoom: () => room++, onLeave: () => {} })
  await turn()
  const before = room
  expect(Array.from({ length: 10_000 }, (_, at) => events.send(`data: ${at}\n\n`)).filter(Boolean)).toHaveLength(1)
  await turn()
  expect(room).toBe(before)
  const reader = events.body.getReader()
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: 0\n\n')
  await turn()
  expect(room).toBe(before + 1)
  expect(events.send('data: next\n\n')).toBe(true)
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: next\n\n')
})

test('after the reader leaves, no message is accepted', async () => {
  let left = 0
  const events = eventBody({ onRoom: () => {}, onLeave: () => left++ })
  const reader = events.body.getReader()
  await reader.cancel()
  expect(left).toBe(1)
  expect(events.send('data: 1\n\n')).toBe(false)
  events.close()
})

test('a closed body ends for its reader and accepts no message', async () => {
  const events = eventBody({ onRoom: () => {}, onLeave: () => {} })
  const reader = events.body.getReader()
  events.send('data: last\n\n')
  events.close()
  events.close()
  expect(events.send('data: late\n\n')).toBe(false)
  expect((await reader.read()).done).toBe(false)
  expect((await reader.read()).done).toBe(true)
})

test('onRoom is called only after send has returned', async () => {
  let unsaid = true
  let said = 0
  const say = () => {
    if (unsaid && events.send('data: once\n\n')) unsaid = false
    else return
    said++
  }
  const events = eventBody({ onRoom: say, onLeave: () => {} })
  const reader = events.body.getReader()
  unsaid = false
  const reading = reader.read()
  await turn()
  unsaid = true
  say()
  await reading
  await turn()
  expect(said).toBe(1)
})
