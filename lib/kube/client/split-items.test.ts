import { expect, test } from 'vitest'
import { splitItems } from './split-items.ts'

const bounds = { itemBytes: 1_000, bytes: 100_000 }

async function* inPieces(text: string, size: number) {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function split(text: string, size = 7, within = bounds): Promise<unknown[]> {
  const found: unknown[] = []
  for await (const item of splitItems(inPieces(text, size), within)) found.push(JSON.parse(item))
  return found
}

const items = [
  { a: 1 },
  { name: 'quotes \\" and } ] { [ in texts \\', deep: [{ x: [{}] }, [[]]] },
  { 'key}]': 'é–漢🙂', n: null },
  {},
]
const list = JSON.stringify({ kind: 'List', metadata: { continue: '', own: [{ no: 'item' }] }, items, more: 'x' })

test.each([1, 2, 3, 7, 64, 100_000])(
  'a list that arrives in pieces of %d bytes is split into its items',
  async (size) => {
    expect(await split(list, size)).toEqual(items)
  },
)

test.each(['{"items":[]}', '{"items":null}', '{}', '{"items":{"a":[{}]}}', '{"items":[1,"{}",[{}]]}'])(
  '%s has no items',
  async (text) => expect(await split(text)).toEqual([]),
)

test.each([
  '',
  '{"items":[{"a":1}',
  '{"items":[{"a":"',
  '{"items":[{}]}}',
  ']',
  '<html>"it’s</html>',
  '<p>No</p>',
  '[[{}]]',
  '{}{}',
])('%j is no list, and is refused', async (text) => {
  await expect(split(text)).rejects.toMatchObject({ code: 'cluster_failed' })
})

test.each([1, 64, 100_000])('only an item that is too long is left out (pieces of %d bytes)', async (size) => {
  const long = { long: 'x'.repeat(900), deep: [{ '}': 'y'.repeat(200) }] }
  const fits = { fits: 'x'.repeat(900) }
  expect(await split(JSON.stringify({ items: [long, fits, long, long, {}] }), size)).toEqual([fits, {}])
})

test.each(['{"items":[{"a":"', '{"a":"'])('reading stops if the answer never ends after %s', async (begin) => {
  let sent = 0
  async function* endless() {
    yield Buffer.from(begin)
    for (;;) {
      sent += 1_000
      yield Buffer.alloc(1_000, 'x')
    }
  }
  const take = async () => {
    for await (const _item of splitItems(endless(), bounds)) throw new Error('there is no item')
  }
  await expect(take()).rejects.toMatchObject({ code: 'cluster_failed' })
  expect(sent).toBeLessThanOrEqual(bounds.bytes + 1_000)
})
