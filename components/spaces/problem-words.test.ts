import { expect, test } from 'vitest'
import { type Problem, problemOf } from '#lib/kernel/model/spaces/pod-problem.ts'
import { problemDetail, problemInWords } from './problem-words.ts'

const problem = (more: Partial<Problem>): Problem => ({ ...problemOf('crashing'), container: 'main', ...more })

test.each([
  [problem({ restarts: 5, exitCode: 1 }), 'Crashing (5 restarts)'],
  [problem({ kind: 'out-of-memory', restarts: 1 }), 'Out of memory (1 restart)'],
  [problem({ kind: 'failed', exitCode: 137 }), 'Failed'],
  [problem({ kind: 'image' }), 'Image can’t be pulled'],
])('%o reads “%s”', (given, words) => {
  expect(problemInWords(given)).toBe(words)
})

test.each([
  [problem({ exitCode: 1 }), 'main ended with exit code 1.'],
  [problem({ exitCode: 1, message: 'no database' }), 'main ended with exit code 1. no database'],
  [problem({ exitCode: 0 }), 'main ended with exit code 0: it finished.'],
  [problem({ exitCode: 126 }), 'main ended with exit code 126: its command can’t be run.'],
  [problem({ exitCode: 127 }), 'main ended with exit code 127: its command wasn’t found.'],
  [problem({ exitCode: 139 }), 'main ended with exit code 139: a segmentation fault (SIGSEGV).'],
  [problem({ exitCode: 143 }), 'main ended with exit code 143: it was asked to stop (SIGTERM).'],
  [problem({ kind: 'failed', exitCode: 137 }), 'main ended with exit code 137: it was killed (SIGKILL).'],
  [problem({ kind: 'out-of-memory', exitCode: 137 }), 'Container main used more memory than its limit.'],
  [problem({ kind: 'image', exitCode: 1, message: 'no such tag' }), 'no such tag'],
  [problemOf('quota', 'exceeded quota: q, requested: pods=1, used: pods=20, limited: pods=20'), 'No more pods fit.'],
  [problemOf('failed', 'Pod was active too long'), 'Pod was active too long'],
])('the details of %o are “%s”', (given, words) => {
  expect(problemDetail(given)).toBe(words)
})

test.each([
  [
    '0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint {gpu: }. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    'No node fits (3 in total): not enough free CPU; it doesn’t tolerate their taints.',
  ],
  [
    "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate",
    'The only node doesn’t fit: its node selector or affinity doesn’t match.',
  ],
  [
    '0/2 nodes are available: 2 Insufficient nvidia.com/gpu.',
    'No node fits (2 in total): not enough free nvidia.com/gpu.',
  ],
  ['waiting for a plugin', 'waiting for a plugin'],
])('the scheduler’s “%s” reads “%s”', (message, words) => {
  expect(problemDetail(problemOf('unschedulable', message))).toBe(words)
})
