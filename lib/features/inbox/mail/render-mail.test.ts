import { expect, test } from 'vitest'
import type { InboxEvent } from '#lib/kernel/model/inbox/event.ts'
import { renderMail } from './render-mail.ts'

const portal = { url: 'https://spaceport.test', defaultCluster: 'default' }
const asks = (name: string, reason: string): InboxEvent => ({
  kind: 'request-waiting',
  request: '11111111-1111-4111-8111-111111111111',
  asked: {
    kind: 'role',
    space: { name: 'shop', cluster: 'default' },
    role: 'editor',
    minutes: 7 * 1_440,
    startsAt: null,
  },
  by: { name, handle: 'erin-1a2b3c' },
  reason,
})

test('a mail has the event, its reason and a link', () => {
  const { subject, text } = renderMail(asks('Erin', 'to look\nand to fix'), portal)
  expect(subject).toBe('Erin (erin-1a2b3c) asks for the editor role in shop for 7 days.')
  expect(text.split('\n\n')).toEqual([
    subject,
    'Reason:\n> to look\n> and to fix',
    'https://spaceport.test/requests/11111111-1111-4111-8111-111111111111',
    expect.stringContaining('under Notifications'),
  ])
})

test.each(['\r\nBcc: eve@evil.test', '\nBcc: eve@evil.test', '\u2028Bcc: x', '\u202egnissecca', '\0', '\ud800'])(
  'a name or a reason with %j stays on its line',
  (evil) => {
    const { subject, text } = renderMail(asks(`Erin${evil}`, `because${evil}\r\n\r\nhttps://evil.test`), portal)
    expect(subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u)
    expect(subject.isWellFormed() && text.isWellFormed()).toBe(true)
    const written = text.split('\n').filter((line) => /evil/.test(line) && line !== text.split('\n')[0])
    for (const line of written) expect(line).toMatch(/^> /)
  },
)

test('a subject is cut to length for any name', () => {
  expect(renderMail(asks('x'.repeat(10_000), 'because'), portal).subject).toHaveLength(200)
})
