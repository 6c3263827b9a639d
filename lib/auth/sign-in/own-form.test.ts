import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { AuthSettings } from '#lib/auth/auth-settings.ts'
import { cookiesFor } from '#lib/auth/session/cookie-names.ts'
import { csrfPair, isOwnForm } from './own-form.ts'

const origin = 'https://portal.test'
const [former, next, third] = ['a'.repeat(32), 'b'.repeat(32), 'c'.repeat(32)]
const settingsWith = (secret: string, otherSecret: string | null) => ({ origin, secret, otherSecret }) as AuthSettings

const pairOf = (settings: AuthSettings) => csrfPair({ randomBytes: (size: number) => randomBytes(size), settings })

const isOwn = (settings: AuthSettings, { token, cookie }: { token: string; cookie: string }) =>
  isOwnForm(
    new Request(`${origin}/api/auth/sign-out`, { method: 'POST' }),
    new URLSearchParams({ csrfToken: token }),
    { [cookiesFor(origin).csrfToken.name]: cookie },
    settings,
  )

test('during a rotation, a form’s token is valid in processes with either secret, and in no others', async () => {
  const given = pairOf(settingsWith(former, next))
  expect(await isOwn(settingsWith(next, former), given)).toBe(true)
  expect(await isOwn(settingsWith(former, null), given)).toBe(true)
  expect(await isOwn(settingsWith(next, null), given)).toBe(false)
  expect(await isOwn(settingsWith(third, next), given)).toBe(false)
})

test('a cookie is refused if its token is missing, empty or another one', async () => {
  const settings = settingsWith(former, null)
  const [one, other] = [pairOf(settings), pairOf(settings)]
  expect(await isOwn(settings, { token: '', cookie: one.cookie })).toBe(false)
  expect(await isOwn(settings, { token: '', cookie: '|' })).toBe(false)
  expect(await isOwn(settings, { token: other.token, cookie: one.cookie })).toBe(false)
})
