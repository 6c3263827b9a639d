import { expect, test } from 'vitest'
import type { LiveSession } from '#lib/auth/session/read-session.ts'
import { whileEntitled } from './while-entitled.ts'

async function* pieces() {
  for (let piece = 0; piece < 10; piece++) yield String(piece)
}

/** A session with only a platform role. */
const sessionOf = (platformRole: 'admin' | 'member') => ({ actor: { platformRole } }) as LiveSession

/**
 * Reads a download; each chunk takes half a second.
 * @returns what arrived, and whether it was cut off
 */
async function download(sessionNow: (asked: number) => LiveSession | null) {
  let [now, asked] = [0, 0]
  const clock = () => {
    now += 250
    return now
  }
  const read: string[] = []
  try {
    for await (const piece of whileEntitled(pieces(), 'admin', async () => sessionNow(asked++), clock)) read.push(piece)
    return { read: read.join(''), asked, broken: false }
  } catch (error) {
    expect(error).toMatchObject({ code: 'forbidden' })
    return { read: read.join(''), asked, broken: true }
  }
}

test('a download continues while the role lasts, with at most one check a second', async () => {
  const { read, asked, broken } = await download(() => sessionOf('admin'))
  expect({ read, broken }).toEqual({ read: '0123456789', broken: false })
  expect(asked).toBeGreaterThan(0)
  expect(asked).toBeLessThan(5)
})

test.each([
  ['the role ends', sessionOf('member')],
  ['the session ends', null],
])('a download is cut off when %s', async (_, left) => {
  const { read, broken } = await download((asked) => (asked === 0 ? sessionOf('admin') : left))
  expect(broken).toBe(true)
  expect('0123456789'.startsWith(read) && read.length < 10).toBe(true)
})
