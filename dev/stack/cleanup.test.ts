import { expect, test } from 'vitest'
import { createCleanup, StoppedWhileStarting } from './cleanup.ts'

test('services are stopped before what they depend on, in whatever order they were added', async () => {
  const cleanup = createCleanup()
  const order: string[] = []
  await cleanup.add('infrastructure', async () => void order.push('postgres'))
  await cleanup.add('services', async () => void order.push('web'))
  await cleanup.run()
  expect(order).toEqual(['web', 'postgres'])
})

test('everything is stopped once, even if asked twice', async () => {
  const cleanup = createCleanup()
  let stopped = 0
  await cleanup.add('services', async () => void stopped++)
  await Promise.all([cleanup.run(), cleanup.run()])
  expect(stopped).toBe(1)
})

test('a part that starts during the stop is stopped too, and starting ends there', async () => {
  const cleanup = createCleanup()
  await cleanup.run()
  let stopped = false
  const late = cleanup.add('services', async () => {
    stopped = true
  })
  await expect(late).rejects.toThrow(StoppedWhileStarting)
  expect(stopped).toBe(true)
})

test('a part that fails to stop does not keep the others running', async () => {
  const cleanup = createCleanup()
  let stopped = false
  await cleanup.add('services', () => Promise.reject(new Error('stuck')))
  await cleanup.add('infrastructure', async () => {
    stopped = true
  })
  await expect(cleanup.run()).rejects.toThrow('stuck')
  expect(stopped).toBe(true)
})
