import { expect, test } from 'vitest'
import { type CloudEvent, renderCloudEvent } from '#lib/features/audit/model/cloud-event.ts'
import { frame, renderSyslog } from './render-syslog.ts'

const event = (more: Partial<CloudEvent> = {}): CloudEvent => ({
  specversion: '1.0',
  id: 'c0ffee00-0000-4000-8000-000000000001',
  source: 'https://spaceport.example.com/audit',
  type: 'dev.spaceport.audit.space.create',
  subject: 'space/web-dev',
  time: '2026-11-26T12:00:00.000001Z',
  datacontenttype: 'application/json',
  sequence: '000000000007.0003',
  outcome: 'ok',
  observer: 'web/portal-1',
  actor: 'alice-7f3a9c',
  sourceaddress: '203.0.113.9',
  data: { a: 1 },
  ...more,
})

/** RFC 5424, section 6: the ABNF of a message with one element. */
const message =
  /^<(?<pri>\d{1,3})>1 (?<time>\S+) (?<host>[\x21-\x7e]{1,255}) (?<app>[\x21-\x7e]{1,48}) (?<proc>[\x21-\x7e]{1,128}) (?<msgid>[\x21-\x7e]{1,32}) \[(?<element>[\x21-\x7e]{1,32})(?<params>( [\x21-\x7e]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*)\] \ufeff(?<text>.*)$/u

function read(of: CloudEvent, host = 'spaceport.example.com') {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
    renderSyslog({ event: of, text: renderCloudEvent(of) }, host),
  )
  const { groups } = message.exec(text) ?? {}
  if (!groups) throw new Error(`not a message of RFC 5424: ${text}`)
  return groups
}

test('a message has the header, the structured data and the event of RFC 5424 and CloudEvents', () => {
  const { pri, time, host, app, proc, msgid, element, params, text = '' } = read(event())
  expect({ pri, time, host, app, proc, msgid, element }).toEqual({
    pri: String(13 * 8 + 6),
    time: '2026-11-26T12:00:00.000001Z',
    host: 'spaceport.example.com',
    app: 'spaceport',
    proc: 'web/portal-1',
    msgid: 'space.create',
    element: 'spaceport@32473',
  })
  expect(params).toBe(
    ' id="c0ffee00-0000-4000-8000-000000000001" sequence="000000000007.0003" outcome="ok" actor="alice-7f3a9c" source="203.0.113.9"',
  )
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(event())))
})

test.each([
  [{ outcome: 'ok' }, 6],
  [{ outcome: 'refused' }, 4],
  [{ outcome: 'failed' }, 3],
  [{ outcome: undefined }, 6],
  [{ outcome: 'ok', route: 'around' }, 4],
])('severity follows the outcome: %j is %i', (more, severity) => {
  expect(read(event(more)).pri).toBe(String(13 * 8 + severity))
})

test.each([
  ['a space', 'two words'],
  ['a line end', 'web/x\n<104>1 forged'],
  ['non-ASCII text', 'wéb/🚀'],
  ['too much', 'x'.repeat(1_000)],
  ['nothing', ''],
])('%s in a header field breaks nothing', (_what, text) => {
  const { proc, msgid, host } = read(event({ observer: text, type: `dev.spaceport.audit.${text}` }), text)
  for (const field of [proc, msgid, host]) expect(field).toMatch(/^[\x21-\x7e]+$/)
})

test.each(['a"] forged', 'back\\slash', 'line\nend', '\u009bcsi', 'é🚀', '\ud800half', 'x'.repeat(5_000)])(
  'free text can’t break out of its parameter: %j',
  (actor) => {
    const { params = '', text = '' } = read(event({ actor, data: { actor } }))
    expect(params.match(/ actor="/g)).toHaveLength(1)
    expect(params).not.toMatch(/\p{Cc}/u)
    expect(text).not.toMatch(/\p{Cc}/u)
    expect(JSON.parse(text).data.actor).toBe(actor)
  },
)

test('a frame counts octets, not characters', () => {
  const given = event({ actor: 'é🚀' })
  const sent = renderSyslog({ event: given, text: renderCloudEvent(given) }, 'h')
  const [, length, rest] = /^(\d+) (.*)$/s.exec(frame(sent).toString('latin1')) ?? []
  expect(Number(length)).toBe(sent.length)
  expect(rest).toBe(sent.toString('latin1'))
})
