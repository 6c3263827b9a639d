import { expect, test } from 'vitest'
import { noNodes } from '#lib/features/clusters/model/node-sums.ts'
import { amountOf, latencyText, nodesSentence, overcommitSentence, promisedText, roomText } from './cluster-words.ts'

test.each([
  ['cpu', 1, '1 CPU'],
  ['cpu', 1.54, '1.5 CPUs'],
  ['cpu', 12_000, '12,000 CPUs'],
  ['memory', 0, '0 GiB'],
  ['memory', 0.25 * 2 ** 30, '0.3 GiB'],
  ['memory', 64 * 2 ** 30, '64 GiB'],
  ['memory', 1.5 * 2 ** 40, '1.5 TiB'],
  ['memory', 3 * 2 ** 70, '3,072 EiB'],
  ['pods', 1_000_000, '1,000,000'],
] as const)('%s %d reads %s', (resource, amount, text) => {
  expect(roomText(resource, amount)).toBe(text)
})

test.each([
  [0, 10, 'Empty'],
  [1, 1_000, '1, less than 1% of node capacity'],
  [4, 10, '4, 40% of node capacity'],
  [10, 10, '10, 100% of node capacity'],
  [15, 10, '15, 1.5 times node capacity'],
  [1e9, 10, '1,000,000,000, more than 1,000 times node capacity'],
  [5, 0, '5, no node has capacity'],
  [5, null, '5'],
])('%d promised of %d is %s', (promised, has, text) => {
  expect(promisedText('pods', promised, has)).toBe(text)
})

test('an amount includes its share of node capacity, where that is known', () => {
  expect(amountOf('cpu', 9.5, 10)).toBe('9.5 CPUs, 95%')
  expect(amountOf('pods', 40, 20)).toBe('40, 200%')
  expect(amountOf('pods', 40, 0)).toBe('40')
  expect(amountOf('pods', 40, null)).toBe('40')
  expect(amountOf('cpu', 0, 10)).toBe('Empty')
})

test('the summary names the resources that would run out', () => {
  const has = { cpu: 10, memory: 10, pods: 10 }
  expect(overcommitSentence(has, has)).toBe('Every space can use its full quota.')
  expect(overcommitSentence({ cpu: 11, memory: 10, pods: 40 }, has)).toBe(
    'Not every space can use its full quota: quotas reserve more CPU and pods than nodes have.',
  )
  expect(overcommitSentence(has, noNodes)).toContain('more CPU and memory and pods than nodes have')
  expect(overcommitSentence(noNodes, noNodes)).toBe('No quota is reserved yet.')
})

test('nodes that aren’t counted are listed by reason', () => {
  expect(nodesSentence({ ...noNodes, nodes: 1 })).toBe('1 of 1 nodes schedulable.')
  expect(nodesSentence({ ...noNodes, nodes: 5_000, more: true })).toBe('5,000 of the first 5,000 nodes schedulable.')
  expect(nodesSentence({ ...noNodes, nodes: 9, cordoned: 2, tainted: 3, notReady: 1, unbelievable: 1 })).toBe(
    '2 of 9 nodes schedulable. Not counted: 1 not ready, 2 cordoned, 3 with a taint, 1 reporting impossible amounts.',
  )
})

test.each([
  [0.4, 7, 'Typically under 1 ms, at most 7 ms'],
  [12.4, 1_540, 'Typically 12 ms, at most 1.5 s'],
  [12.4, 12.4, '12 ms'],
])('latencies of %d and %d ms in words', (median, slowest, text) => {
  expect(latencyText({ median, slowest })).toBe(text)
})
