import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createQueues } from './queues.ts'

const never = () => Promise.withResolvers<void>()

test('tasks of one key run in order and so many at once; other keys don’t wait for them', async () => {
  const queues = createQueues(2)
  const started: string[] = []
  const tasks = ['a1', 'a2', 'a3', 'b1'].map((name) => ({ name, ...never() }))
  const ends = tasks.map(({ name, promise }) =>
    queues.run(name.slice(0, 1), () => {
      started.push(name)
      return promise
    }),
  )
  await sleep(0)
  expect(started).toEqual(['a1', 'a2', 'b1'])
  expect(queues.waiting('a')).toBe(1)
  tasks[0]?.resolve()
  await ends[0]
  await expect.poll(() => started).toEqual(['a1', 'a2', 'b1', 'a3'])
  for (const { resolve } of tasks) resolve()
  await Promise.all(ends)
  expect(queues.waiting('a')).toBe(0)
})

test('a task that throws passes its turn on', async () => {
  const queues = createQueues(1)
  const failed = queues.run('a', () => Promise.reject(new Error('broken')))
  const next = queues.run('a', () => Promise.resolve('done'))
  await expect(failed).rejects.toThrow('broken')
  expect(await next).toBe('done')
})

test('a task that waited too long never runs, and one that began in time is not interrupted', async () => {
  const queues = createQueues(1)
  const first = never()
  const wait = { maxMs: 20, tooLong: () => new Error('too long') }
  const running = queues.run('a', () => first.promise.then(() => 'first'), wait)
  let ran = false
  const late = queues.run(
    'a',
    async () => {
      ran = true
    },
    wait,
  )
  await expect(late).rejects.toThrow('too long')
  await sleep(30)
  first.resolve()
  expect(await running).toBe('first')
  await sleep(0)
  expect(ran).toBe(false)
  expect(await queues.run('a', () => Promise.resolve('again'), wait)).toBe('again')
})
