import { expect, test } from 'vitest'
import { createFailureLimit } from './failure-limit.ts'

test('look-ups in progress count as failures until they end', async () => {
  const limit = createFailureLimit()
  const begun = await Promise.all(Array.from({ length: 300 }, () => limit.begin('192.0.2.1')))
  expect(begun.filter(({ exceeded }) => !exceeded)).toHaveLength(60)
  expect((await limit.begin('192.0.2.2')).exceeded, 'from elsewhere').toBe(false)
  for (const { over } of begun) over()
  expect((await limit.begin('192.0.2.1')).exceeded).toBe(false)
})

test('sixty failures are the limit, including those in progress', async () => {
  const limit = createFailureLimit()
  for (let failures = 0; failures < 59; failures++) await limit.count('2001:db8::1')
  const last = await limit.begin('2001:db8::2')
  expect(last.exceeded).toBe(false)
  expect((await limit.begin('2001:db8::3')).exceeded).toBe(true)
})
