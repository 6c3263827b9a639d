import { expect, test } from 'vitest'
import { cookiesFor, parseCookies } from './cookie-names.ts'

test('on https all cookies are bound to our host and to https; everywhere no script reads them', () => {
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

test('cookies are read by name, the first of two counts, and odd ones do no harm', () => {
  expect({ ...parseCookies('a=1; b=x%7Cy; a=2; =3; c; d=%') }).toEqual({ a: '1', b: 'x|y', d: '%' })
  expect({ ...parseCookies(null) }).toEqual({})
  expect(parseCookies('').constructor).toBeUndefined()
})
