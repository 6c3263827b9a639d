import { expect, test } from 'vitest'
import { describePlacement, onContenderCore, parseCores } from './cores.ts'

const start = { command: 'nginx', args: ['-v'] }

test('cores are parsed as Linux lists them', () => {
  expect(parseCores('0-2,5')).toEqual([0, 1, 2, 5])
  expect(parseCores('')).toEqual([])
})

test('a contender is started on its core', () => {
  const cores = { contender: '0', others: '1', all: '0-1' }
  expect(onContenderCore({ cores }, start)).toEqual({ command: 'taskset', args: ['--cpu-list', '0', 'nginx', '-v'] })
})

test('a machine that can’t pin reports the reason', () => {
  const placement = { unpinned: 'there is only one core' }
  expect(onContenderCore(placement, start)).toEqual(start)
  expect(describePlacement(placement)).toContain('NOT pinned (there is only one core)')
})
