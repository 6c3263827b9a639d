import { expect, test } from 'vitest'
import { parseQuantity } from './quantity.ts'

test.each([
  ['0', 0],
  ['4', 4],
  ['500m', 0.5],
  ['1500m', 1.5],
  ['100n', 1e-7],
  ['2k', 2000],
  ['1E', 1e18],
  ['1Ki', 1024],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['.5Mi', 2 ** 19],
  ['12e6', 12e6],
  ['12E3', 12_000],
  ['5e-3', 0.005],
  ['-1', -1],
  ['+1.', 1],
])('the quantity %s is %d', (text, number) => {
  expect(parseQuantity(text)).toBeCloseTo(number, 12)
})

test.each(['', 'm', '1 Gi', '1Kb', '1.2.3', '0x10', '1e', '1ki', 'NaN', 'Infinity', '٣'])(
  '“%s” is not a quantity',
  (text) => {
    expect(parseQuantity(text)).toBeUndefined()
  },
)
