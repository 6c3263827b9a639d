import { expect, test } from 'vitest'
import { cookiesFor, parseCookies, renderCookie } from './cookie-names.ts'

test('on https, cookies are bound to the host and to https; scripts can never read them', () => {
  for (const cookie of Object.values(cookiesFor('https://spaceport.example.com'))) {
    expect(cookie.name).toMatch(/^__Host-/)
    expect(cookie.options).toMatchObject({ secure: true, httpOnly: true, sameSite: 'lax', path: '/' })
    expect(cookie.options).not.toHaveProperty('domain')
  }
  for (const cookie of Object.values(cookiesFor('http://localhost:3000'))) {
    expect(cookie.name).not.toContain('__Host-')
    expect(cookie.options).toMatchObject({ secure: false, httpOnly: true, sameSite: 'lax' })
  }
})

test('cookies are read by name, the first of two wins, and malformed ones are ignored', () => {
  expect({ ...parseCookies('a=1; b=x%7Cy; a=2; =3; c; d=%') }).toEqual({ a: '1', b: 'x|y', d: '%' })
  expect({ ...parseCookies(null) }).toEqual({})
  expect(parseCookies('').constructor).toBeUndefined()
})

test('cookies are set and removed with the same attributes, and round-trip unchanged', () => {
  const { sessionToken, state } = cookiesFor('https://spaceport.example.com')
  expect(renderCookie(state, 'a|b; c=ü%')).toMatch(
    /^__Host-spaceport-state=[^;]+; Max-Age=900; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
  expect(renderCookie(sessionToken, 'x')).toBe('__Host-spaceport-session=x; Path=/; HttpOnly; Secure; SameSite=Lax')
  expect(renderCookie(sessionToken, null)).toBe(
    '__Host-spaceport-session=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax',
  )
  const [pair = ''] = renderCookie(state, 'a|b; c=ü%').split('; ')
  expect(parseCookies(pair)[state.name]).toBe('a|b; c=ü%')
})

test('a cookie without a name is ignored, even if it looks like a session', () => {
  expect(parseCookies('=__Host-spaceport-session=stolen')['__Host-spaceport-session']).toBeUndefined()
  expect({ ...parseCookies('=__Host-spaceport-session=stolen') }).toEqual({})
})
