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

test('the allocatable resources of nodes are added up', () => {
  expect(sumOf(node(), node({ allocatable: { cpu: '1500m', memory: '512Mi', pods: '10', 'x/gpu': '1' } }))).toEqual({
    ...noNodes,
    nodes: 2,
    cpu: 5.5,
    memory: 8.5 * 2 ** 30,
    pods: 120,
  })
})

test('an unavailable node is counted once, for one reason, and left out of the sums', () => {
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
  ['an unbounded exponent', { ...ordinary, cpu: '1e999999' }],
  ['a negative quantity', { ...ordinary, memory: '-1Gi' }],
  ['more memory than any machine has', { ...ordinary, memory: '1Ei' }],
  ['a million and one pods', { ...ordinary, pods: '1000001' }],
  ['no CPU', { memory: '8Gi', pods: '110' }],
  ['a number instead of a quantity', { ...ordinary, cpu: 4 }],
  ['null', { ...ordinary, cpu: null }],
  ['no quantity', { ...ordinary, cpu: 'four' }],
  ['an enormously long quantity', { ...ordinary, cpu: '1'.repeat(1_000_000) }],
  ['nothing at all', {}],
  ['a member of every object’s prototype', Object.create({ cpu: '1e6', memory: '1Gi', pods: '1' })],
])('a node with %s is counted, and left out of the sums', (_what, allocatable) => {
  expect(sumOf(node(), node({ allocatable }))).toEqual({
    ...noNodes,
    nodes: 2,
    unbelievable: 1,
    cpu: 4,
    memory: 8 * 2 ** 30,
    pods: 110,
  })
})
