import { expect, test } from 'vitest'
import { planName } from './plan-name.ts'

test('only a statement marked at its start is prepared', () => {
  expect(planName('SELECT 1')).toBeUndefined()
  expect(planName("SELECT '/* kept plan: find-space */'")).toBeUndefined()
  expect(planName('/* kept plan: find-space */ SELECT 1')).toMatch(/^find-space-[0-9a-f]{8}$/)
  expect(planName('\n    /* kept plan: find-space */\n SELECT 1')).toMatch(/^find-space-[0-9a-f]{8}$/)
})

test('the same text gets the same name, and another text with the same mark a different one', () => {
  const byId = planName('/* kept plan: find-space */ SELECT 1 WHERE id = $1')
  expect(planName('/* kept plan: find-space */ SELECT 1 WHERE id = $1')).toBe(byId)
  expect(planName('/* kept plan: find-space */ SELECT 1 WHERE name = $1')).not.toBe(byId)
})
