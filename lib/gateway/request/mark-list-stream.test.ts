import { randomInt, randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { keep, ownPiece, type Piece } from '#lib/gateway/upstream/recycled-blocks.ts'
import { createListMarker } from './mark-list-stream.ts'
import { markList } from './space-set-mark.ts'

const mark = '000001'

const namespaceOf = (name: string, more: object = {}) => ({
  metadata: {
    name,
    uid: randomUUID(),
    resourceVersion: String(randomInt(1, 2 ** 40)),
    creationTimestamp: '2026-11-26T00:00:00Z',
    labels: { 'kubernetes.io/metadata.name': name },
    ...more,
  },
  spec: { finalizers: ['kubernetes'] },
  status: { phase: 'Active' },
})

const list = (items: readonly unknown[] | null, metadata: object = { resourceVersion: '12345' }) =>
  JSON.stringify({ kind: 'NamespaceList', apiVersion: 'v1', metadata, items })

/** @returns a piece with memory that is overwritten on release */
function lentPiece(bytes: Buffer): Piece {
  const block = Buffer.from(bytes)
  return { bytes: block, owned: false, release: () => void block.fill('!') }
}

const taken = (piece: Piece | undefined): Buffer => (piece ? keep(piece) : Buffer.alloc(0))

/** @returns the output for a body in pieces of these sizes, repeated */
function passed(body: string, sizes: readonly number[], maxBytes = 1_000_000): string {
  const bytes = Buffer.from(body)
  const marker = createListMarker(mark, maxBytes)
  const out: Buffer[] = []
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    out.push(taken(marker.onData(lentPiece(bytes.subarray(at, at + size)))))
    at += size
  }
  out.push(marker.onEnd() ?? Buffer.alloc(0))
  return Buffer.concat(out).toString()
}

const hostile = {
  annotations: {
    a: '1',
    resourceVersion: '77',
    uid: randomUUID(),
    text: '","resourceVersion":"88"',
    uid2: `"uid":"${randomUUID()}","resourceVersion":"99"`,
    'x/last-applied': JSON.stringify(namespaceOf('inner')),
  },
  ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: randomUUID() }],
  managedFields: [{ fieldsV1: { 'f:metadata': { 'f:resourceVersion': {} } } }],
}

const bodies: Record<string, string> = {
  'an empty list': list([]),
  'a list without items': list(null),
  'a page of a list': list([namespaceOf('a')], {
    resourceVersion: '1',
    continue: 'eyJ2IjoibWV0YS=',
    remainingItemCount: 7,
  }),
  'many namespaces': list(Array.from({ length: 40 }, (_, i) => namespaceOf(`n-${i}`))),
  'annotations that imitate marked fields': list([namespaceOf('a', hostile), namespaceOf('b')]),
  'a table': JSON.stringify({
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: '12' },
    columnDefinitions: [{ name: 'Name', description: '","resourceVersion":"1"' }],
    rows: [
      { cells: ['a'], object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', ...namespaceOf('a') } },
      {
        cells: ['b'],
        object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', ...namespaceOf('b', hostile) },
      },
    ],
  }),
  'a version of nothing': list([], { resourceVersion: '0' }),
  'a list with white space': JSON.stringify(JSON.parse(list([namespaceOf('a', hostile)])), null, 2),
  'a list with its metadata last': JSON.stringify({ items: [namespaceOf('a')], metadata: { resourceVersion: '3' } }),
}

test.each(Object.entries(bodies))('%s is marked as if it were parsed, in any pieces', (_what, body) => {
  const expected = JSON.parse(markList('json', Buffer.from(body), mark).toString())
  for (const sizes of [[1], [2, 3], [17], [43, 1], [64], [1_000], [1_000_000]])
    expect(JSON.parse(passed(body, sizes)), String(sizes)).toEqual(expected)
  for (let at = 1; at < Math.min(body.length, 800); at++)
    expect(JSON.parse(passed(body, [at, body.length])), `split at ${at}`).toEqual(expected)
})

test('of a list as the API server writes it, only a few bytes are held back', () => {
  const body = bodies['many namespaces'] ?? ''
  const marker = createListMarker(mark, 100_000)
  const first = marker.onData(ownPiece(Buffer.from(body.slice(0, 5_000))))
  expect(first?.bytes.length).toBeGreaterThan(4_900)
})

test('a list that must be parsed as a whole has a size limit', () => {
  const body = `{"items":[${'"x",'.repeat(10_000)}"x"],"metadata":{"resourceVersion":"1"}}`
  expect(() => passed(body, [1_000], 20_000)).toThrow('a list of namespaces is too large')
})

test.each([64 * 1024, 70_000, 1_000_000])('a list of several blocks is marked, in pieces of %i bytes', (size) => {
  const body = list(Array.from({ length: 1_000 }, (_, i) => namespaceOf(`n-${i}`)))
  const expected = JSON.parse(markList('json', Buffer.from(body), mark).toString())
  expect(JSON.parse(passed(body, [size]))).toEqual(expected)
})
