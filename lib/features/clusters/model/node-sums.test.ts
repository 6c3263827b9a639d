import { expect, test } from 'vitest'
import { addNode, type FoundNode, noNodes } from './node-sums.ts'

const ordinary = { cpu: '4', memory: '8Gi', pods: '110' }
const node = (changed: Partial<FoundNode> = {}): FoundNode => ({
  allocatable: ordinary,
  ready: true,
  cordoned: false,
  tainted: false,
  ...changed,
})
const sumOf = (...nodes: FoundNode[]) => nodes.reduce(addNode, noNodes)

test('what nodes have for pods is added up', () => {
  expect(sumOf(node(), node({ allocatable: { cpu: '1500m', memory: '512Mi', pods: '10', 'x/gpu': '1' } }))).toEqual({
    ...noNodes,
    nodes: 2,
    cpu: 5.5,
    memory: 8.5 * 2 ** 30,
    pods: 120,
  })
})

test('a node that takes no pods is counted, for one reason, and not added', () => {
  const sums = sumOf(
    node({ ready: false, cordoned: true, tainted: true, allocatable: {} }),
    node({ cordoned: true, tainted: true }),
    node({ tainted: true }),
    node(),
  )
  expect(sums).toMatchObject({ nodes: 4, notReady: 1, cordoned: 1, tainted: 1, unbelievable: 0, cpu: 4, pods: 110 })
})

test.each<[string, Record<string, unknown>]>([
  ['1e30 CPUs', { ...ordinary, cpu: '1e30' }],
  ['an exponent without end', { ...ordinary, cpu: '1e999999' }],
  ['less than nothing', { ...ordinary, memory: '-1Gi' }],
  ['more memory than any machine has', { ...ordinary, memory: '1Ei' }],
  ['a million and one pods', { ...ordinary, pods: '1000001' }],
  ['no CPU', { memory: '8Gi', pods: '110' }],
  ['a number in place of a quantity', { ...ordinary, cpu: 4 }],
  ['null', { ...ordinary, cpu: null }],
  ['no quantity', { ...ordinary, cpu: 'four' }],
  ['a quantity as long as a book', { ...ordinary, cpu: '1'.repeat(1_000_000) }],
  ['nothing at all', {}],
  ['what every object has', Object.create({ cpu: '1e6', memory: '1Gi', pods: '1' })],
])('a node that says %s is counted, and spoils no sum', (_what, allocatable) => {
  expect(sumOf(node(), node({ allocatable }))).toEqual({
    ...noNodes,
    nodes: 2,
    unbelievable: 1,
    cpu: 4,
    memory: 8 * 2 ** 30,
    pods: 110,
  })
})
