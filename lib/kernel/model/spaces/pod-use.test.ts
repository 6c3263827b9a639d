import { expect, test } from 'vitest'
import { podUseOf, totalUse } from './pod-use.ts'

test('a pod’s usage is that of its containers', () => {
  const containers = [
    { cpu: '4999247n', memory: '16Mi' },
    { cpu: '250m', memory: '2Gi' },
    { cpu: '0', memory: '0' },
  ]
  expect(podUseOf(containers)).toEqual({ cpu: expect.closeTo(0.254999247, 12), memory: 2 * 2 ** 30 + 16 * 2 ** 20 })
  expect(podUseOf([])).toEqual({ cpu: 0, memory: 0 })
})

test.each([
  ...['', ' 1', '1 ', '0x10', 'NaN', 'Infinity', '-1m', '1e999', '9'.repeat(400), '1,5', '1Kib', '<b>1</b>', '1\n'],
  ...['1000001', '2Ei'],
])('a pod that reports %j isn’t counted at all', (quantity) => {
  expect(
    podUseOf([
      { cpu: '1m', memory: '1Mi' },
      { cpu: quantity, memory: '1Mi' },
    ]),
  ).toBeNull()
  expect(podUseOf([{ cpu: '1m', memory: quantity === '1000001' ? '2Ei' : quantity }])).toBeNull()
})

test('the total counts measured pods only; without any, it is unknown', () => {
  const measured = new Map([
    ['a', { cpu: 1, memory: 2 }],
    ['b', { cpu: 3, memory: 4 }],
    ['other', { cpu: 5, memory: 6 }],
  ])
  expect(totalUse([{ name: 'a' }, { name: 'b' }, { name: 'young' }], measured)).toEqual({ cpu: 4, memory: 6 })
  expect(totalUse([{ name: 'young' }], measured)).toBeNull()
  expect(totalUse([{ name: '__proto__' }], measured)).toBeNull()
})
