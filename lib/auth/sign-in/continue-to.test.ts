import { expect, test } from 'vitest'
import { continuePage, continueTo } from './continue-to.ts'

const page = { title: 'On to the identity provider', link: 'Go on', cookies: ['a=1; Path=/', 'b=2; Path=/'] }
const posted = (headers: HeadersInit) => new Request('https://portal.example/', { method: 'POST', headers })

test('a browser’s form submission gets a page that continues to the provider, not a redirect', async () => {
  const to = new URL('https://login.example.com/auth?client_id=a&state=b')
  for (const headers of [{ origin: 'https://portal.example' }, { 'sec-fetch-site': 'same-origin' }]) {
    const answer = continueTo(posted(headers), to, page)
    expect([answer.status, answer.headers.get('location')]).toEqual([200, null])
    expect(answer.headers.getSetCookie()).toEqual(page.cookies)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const html = await answer.text()
    expect(html).toContain('<meta http-equiv="refresh" content="0;url=https://login.example.com/auth?client_id=a&#38;')
    expect(html).toContain('<a href="https://login.example.com/auth?client_id=a&#38;state=b">Go on</a>')
    expect(html).not.toMatch(/<script|<form|style/)
  }
})

test('a client that is not a browser is redirected as usual', () => {
  const answer = continueTo(posted({}), new URL('https://login.example.com/auth'), page)
  expect([answer.status, answer.headers.get('location')]).toEqual([303, 'https://login.example.com/auth'])
  expect(answer.headers.getSetCookie()).toEqual(page.cookies)
})

test('a URL can’t break out of its attribute or run a script', async () => {
  const hostile = new URL(`https://login.example.com/?a="><script>x</script>&b=';url=javascript:1`)
  const html = await continuePage(hostile, { title: '<b>', link: '"&' }).text()
  expect(html).not.toMatch(/<script|<b>|"">|';url/)
  expect(() => continuePage(new URL('javascript:alert(1)'), page)).toThrow()
  expect(() => continuePage(new URL('data:text/html,x'), page)).toThrow()
})
