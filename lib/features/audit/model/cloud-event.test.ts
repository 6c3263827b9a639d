import { expect, test } from 'vitest'
import { type CloudEvent, renderCloudEvent } from './cloud-event.ts'

const event = (text: string): CloudEvent => ({
  specversion: '1.0',
  id: '1',
  source: 'https://spaceport.example.com/audit',
  type: 'dev.spaceport.audit.space.create',
  subject: 'space',
  time: '2026-11-26T12:00:00.000000Z',
  datacontenttype: 'application/json',
  left: undefined,
  data: { text },
})

test.each(['\n', '\r\n', '\0', '\x1b[31m', '\x7f', '\x85', '\x9b', '\u2028', '\u2029', '\u202e', '\u2066', '"', '\\'])(
  'an event is one line without control characters, and is parsed unchanged: %j',
  (text) => {
    const line = renderCloudEvent(event(`a${text}b`))
    expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
    expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(event(`a${text}b`))))
  },
)

test('unset attributes are omitted, as CloudEvents requires', () => {
  expect(JSON.parse(renderCloudEvent(event('x')))).not.toHaveProperty('left')
})
