import { expect, test } from 'vitest'
import { undoLine } from './undo-line.ts'

test('the command to roll back names the workload and the revision', () => {
  expect(undoLine({ kind: 'StatefulSet', name: 'db' }, 4)).toBe('kubectl rollout undo statefulset/db --to-revision=4')
})
