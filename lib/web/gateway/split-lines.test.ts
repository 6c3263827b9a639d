import { expect, test } from 'vitest'
import { splitLines } from './split-lines.ts'

async function* pieces(...texts: (string | Uint8Array)[]) {
  for (const text of texts) yield typeof text === 'string' ? Buffer.from(text) : text
}
const linesOf = async (...texts: (string | Uint8Array)[]) =>
  (await Array.fromAsync(splitLines(pieces(...texts)))).flat()

test('lines and characters stay whole at every chunk boundary', async () => {
  const bytes = Buffer.from('eins\nzwei ü\n\ndrei')
  for (let at = 0; at <= bytes.length; at++)
    expect(await linesOf(bytes.subarray(0, at), bytes.subarray(at)), String(at)).toEqual(['eins', 'zwei ü', '', 'drei'])
})

test('an endless line is split', async () => {
  const lines = await linesOf(...Array.from({ length: 50 }, () => 'x'.repeat(10_000)))
  expect(lines.join('')).toHaveLength(500_000)
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(64 * 1024)
})
