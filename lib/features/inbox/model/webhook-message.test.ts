import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { eventKinds, type InboxEvent } from '#lib/kernel/model/inbox/event.ts'
import { messageOf, renderWebhook } from './webhook-message.ts'

const portal = { url: 'https://spaceport.test', defaultCluster: 'default' }
const at = new Date('2026-11-26T12:00:00Z')
const id = '22222222-2222-4222-8222-222222222222'
const asks = (name: string, reason: string): InboxEvent => ({
  kind: 'request-waiting',
  request: '11111111-1111-4111-8111-111111111111',
  asked: {
    kind: 'role',
    space: { name: 'shop', cluster: 'default' },
    role: 'editor',
    minutes: 60,
    startsAt: null,
  },
  by: { name, handle: 'erin-1a2b3c' },
  reason,
})
const link = 'https://spaceport.test/requests/11111111-1111-4111-8111-111111111111'
const sentence = 'Erin (erin-1a2b3c) asks for the editor role in shop for 1 hour.'

test('Spaceport’s own format has the text of the inbox', () => {
  const body = renderWebhook(messageOf(asks('Erin', 'to look'), { id, at }, portal), 'spaceport')
  expect(JSON.parse(body)).toEqual({
    id,
    type: 'inbox.request-waiting',
    timestamp: '2026-11-26T12:00:00.000Z',
    data: { sentence, reason: 'to look', link },
  })
})

const evil = '<!channel> <https://evil.test|Open> [Open](https://evil.test) *x* & \u202egnissecca\r\n@here'

test('in Slack, user input is plain text and the only link is Spaceport’s', () => {
  const body = JSON.parse(renderWebhook(messageOf(asks(evil, evil), { id, at }, portal), 'slack'))
  expect(body.text).toContain('&lt;!channel&gt; &lt;https://evil.test|Open&gt;')
  expect(body.text).not.toMatch(/[<>\u202e\r\n]/)
  const texts = body.blocks.map(({ text }: { text: { type: string; text: string } }) => text)
  expect(texts.map(({ type }: { type: string }) => type)).toEqual(['plain_text', 'plain_text', 'mrkdwn'])
  expect(texts[2].text).toBe(`<${link}|Open in Spaceport>`)
})

test('in Teams, user input is in runs without Markdown and the only link is Spaceport’s', () => {
  const body = JSON.parse(renderWebhook(messageOf(asks(evil, evil), { id, at }, portal), 'teams'))
  const { contentType, content } = body.attachments[0]
  expect(contentType).toBe('application/vnd.microsoft.card.adaptive')
  expect(content.body.map(({ type }: { type: string }) => type)).toEqual(['RichTextBlock', 'RichTextBlock'])
  for (const { inlines } of content.body) expect(inlines).toEqual([{ type: 'TextRun', text: expect.any(String) }])
  expect(content.actions).toEqual([{ type: 'Action.OpenUrl', title: 'Open in Spaceport', url: link }])
})

test.each(['spaceport', 'slack', 'teams'] as const)(
  'a message in the format %s has a maximum length for any input',
  (format) => {
    const long = 'x'.repeat(100_000)
    const body = renderWebhook(messageOf(asks(long, long), { id, at }, portal), format)
    expect(body.length).toBeLessThan(10_000)
  },
)

test('every kind of event is documented', () => {
  const page = readFileSync('docs/webhooks.md', 'utf8')
  for (const kind of eventKinds) expect(page).toContain(`\`${kind}\``)
})
