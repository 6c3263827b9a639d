import { expect, test } from 'vitest'
import { eventOf } from './event-fixture.ts'
import { readBatch as readBody } from './read-batch.ts'

/** Reads a batch and keeps all events. */
const readBatch = (body: string) =>
  readBody(Buffer.from(body), (items) => {
    const all = [...items]
    const events = all.filter((event) => event !== null)
    return { events, malformed: all.length - events.length }
  })
const list = (items: unknown) =>
  JSON.stringify({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', metadata: {}, items })

test('a batch is read with the relevant fields, and without bodies', () => {
  const item = eventOf({ objectRef: { resource: 'secrets', namespace: 'lab', name: 'one', apiVersion: 'v1' } })
  const read = readBatch(list([{ ...item, requestObject: { data: { password: 'hunter2' } } }]))
  expect(read).toMatchObject({ malformed: 0, events: [{ resource: { resource: 'secrets', namespace: 'lab' } }] })
  expect(JSON.stringify(read)).not.toContain('hunter2')
})

test.each([
  ['', 'malformed'],
  ['{', 'malformed'],
  ['null', 'malformed'],
  ['[]', 'other_kind'],
  [list({}), 'malformed'],
  [JSON.stringify({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1beta1', items: [] }), 'other_kind'],
  [JSON.stringify({ kind: 'PodList', apiVersion: 'v1', items: [] }), 'other_kind'],
  [list(Array.from({ length: 10_001 }, () => 0)), 'too_many'],
])('%.40s… is %s', (body, bad) => {
  expect(readBatch(body)).toBe(bad)
})

test('invalid items are counted, and don’t affect others', () => {
  const wrong = [
    null,
    1,
    'event',
    [],
    {},
    eventOf({ auditID: 7 }),
    eventOf({ auditID: '' }),
    eventOf({ verb: null }),
    eventOf({ requestReceivedTimestamp: 'yesterday' }),
    eventOf({ requestReceivedTimestamp: '0000-01-01T00:00:00Z' }),
    eventOf({ requestReceivedTimestamp: '2026-13-45T00:00:00.000000Z' }),
    eventOf({ requestReceivedTimestamp: '2026-02-30T00:00:00Z' }),
  ]
  expect(readBatch(list([...wrong, eventOf({})]))).toMatchObject({ malformed: wrong.length, events: [{}] })
})

test('fields of an unexpected type are ignored', () => {
  const odd = eventOf({
    user: 7,
    impersonatedUser: 'x',
    sourceIPs: 'y',
    objectRef: [],
    responseStatus: { code: '200' },
    annotations: null,
    userAgent: {},
  })
  expect(readBatch(list([odd]))).toMatchObject({
    events: [{ user: '', impersonated: { user: '' }, address: '', resource: null, code: 0, userAgent: '' }],
  })
})

test('the address is the connection’s own, not one claimed in a header', () => {
  const forged = eventOf({ sourceIPs: ['203.0.113.9', '198.51.100.2', '192.0.2.7'] })
  expect(readBatch(list([forged]))).toMatchObject({
    events: [{ address: '192.0.2.7', forwardedFor: ['203.0.113.9', '198.51.100.2'] }],
  })
})

test.each([
  ['events', [eventOf({ auditID: 'a' }), eventOf({ auditID: 'b' })]],
  ['none', []],
  ['an invalid item among them', [eventOf({ auditID: 'a' }), 7, null, eventOf({ auditID: 'b' })]],
  [
    'lists in bodies',
    [{ level: 'Request', ...eventOf({ auditID: 'a' }), requestObject: [{ level: 1 }, { level: 2 }] }],
  ],
  [
    'an event in a body that isn’t part of the batch',
    [
      {
        level: 'Request',
        ...eventOf({ auditID: 'a' }),
        requestObject: [{}, { level: 'x', ...eventOf({ auditID: 'no' }) }, {}],
      },
      {
        level: 'Request',
        ...eventOf({ auditID: 'b' }),
        requestObject: [{}, { level: 'x', ...eventOf({ auditID: 'no' }) }, { level: 1 }],
      },
    ],
  ],
  [
    'texts that look like separators',
    [{ level: '},{"level":', ...eventOf({ auditID: 'a', verb: '},{"level":"x"}' }) }],
  ],
  ['other letters', [eventOf({ auditID: 'ä😀' }), { level: 'é', ...eventOf({ auditID: '日本' }) }]],
])('%s: the meaning of a body doesn’t depend on its formatting', (_what, items) => {
  const written = [list(items), `${list(items)}\n`, ` ${list(items)}`, JSON.stringify(JSON.parse(list(items)), null, 2)]
  const expected = items
    .map((item) => (typeof item === 'object' && item !== null ? String(item.auditID) : null))
    .filter((id) => id !== null)
  for (const body of written) {
    const read = readBatch(body)
    expect(typeof read === 'string' ? read : read.events.map(({ auditId }) => auditId)).toEqual(expected)
  }
})

test('only what JSON allows may follow a batch', () => {
  const body = list([{ level: 'Metadata', ...eventOf({}) }])
  expect(readBatch(`${body} \r\n\t`)).toMatchObject({ malformed: 0 })
  expect(readBatch(`${body}\f`)).toBe('malformed')
})

test.each(['', '}', ',', ',{"level":}', '},{"level":', '}]}', 'x'])(
  'an event followed by %s is not a batch',
  (rest) => {
    const body = list([{ level: 'Metadata', ...eventOf({}) }])
    expect(readBatch(body.replace(/\]\}$/, `${rest}]}`))).toEqual(
      rest === '' ? expect.objectContaining({ malformed: 0 }) : 'malformed',
    )
  },
)
