import { expect, test } from 'vitest'
import { hostOf, parseWebhookUrl } from './webhook-url.ts'

test.each([
  [' https://hooks.slack.com/services/T/B/x ', 'https://hooks.slack.com/services/T/B/x'],
  ['https://0x7f.1/#part', 'https://127.0.0.1/'],
  ['HTTP://Chat.Internal:80/a?b=c', 'http://chat.internal/a?b=c'],
])('%s is accepted', (text, url) => {
  expect(parseWebhookUrl(text)).toEqual({ url })
})

test.each([
  '',
  'hooks.slack.com/services',
  'ftp://x.example/',
  'file:///etc/passwd',
  'https://',
  'javascript:alert(1)',
])('%j is refused with advice', (text) => {
  expect(parseWebhookUrl(text)).toMatchObject({ problem: expect.stringMatching(/^(Paste|Enter)/) })
})

test('a URL with a password or over the length limit is refused', () => {
  expect(parseWebhookUrl('https://user:pass@x.example/')).toMatchObject({
    problem: expect.stringContaining('Remove the name and password'),
  })
  expect(parseWebhookUrl('https://user@x.example/')).toMatchObject({
    problem: expect.stringContaining('Remove the name and password'),
  })
  expect(parseWebhookUrl(`https://x.example/${'a'.repeat(2_000)}`)).toMatchObject({
    problem: expect.stringContaining('2000'),
  })
})

test('only the host of a URL is not secret', () => {
  expect(hostOf('https://hooks.slack.com/services/T/B/x?token=y')).toBe('hooks.slack.com')
  expect(hostOf('http://localhost:9000/x')).toBe('localhost:9000')
})
