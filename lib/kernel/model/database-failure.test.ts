import { expect, test } from 'vitest'
import { isDatabaseBusy, isDatabaseUnavailable } from './database-failure.ts'

const failure = (code: string, message = 'x') => Object.assign(new Error(message), { code })

test('an unreachable database is distinguished from a bug', () => {
  for (const code of ['ECONNREFUSED', '57P01', '08006', 'P1001'])
    expect(isDatabaseUnavailable(failure(code))).toBe(true)
  expect(isDatabaseUnavailable(new Error('Connection terminated unexpectedly'))).toBe(true)
  expect(isDatabaseUnavailable(new Error('outer', { cause: failure('ECONNREFUSED') }))).toBe(true)
  expect(isDatabaseUnavailable(failure('P2028'))).toBe(true)
  const ofModel = (originalCode: string) =>
    Object.assign(failure('P2039', `Database error. Code: \`${originalCode}\``), {
      meta: { driverAdapterError: new Error('postgres', { cause: { kind: 'postgres', originalCode } }) },
    })
  for (const code of ['57P01', '08006', '53300']) expect(isDatabaseUnavailable(ofModel(code)), code).toBe(true)
  for (const code of ['54000', '40P01', '22021', 'N/A']) expect(isDatabaseUnavailable(ofModel(code)), code).toBe(false)
  const raw = (code: string) => Object.assign(failure('P2010'), { meta: { code } })
  expect(isDatabaseUnavailable(raw('57P01'))).toBe(true)
  expect(isDatabaseUnavailable(raw('23505'))).toBe(false)
  expect(isDatabaseUnavailable(new Error('Client has encountered a connection error and is not queryable'))).toBe(true)
  expect(isDatabaseUnavailable(new Error('timeout expired'))).toBe(true)
  for (const code of ['23505', '42501', 'P2002']) expect(isDatabaseUnavailable(failure(code))).toBe(false)
  expect(isDatabaseUnavailable('text')).toBe(false)
})

test('a lock that others hold for too long means busy, not a bug', () => {
  expect(isDatabaseBusy(failure('55P03'))).toBe(true)
  const raw = Object.assign(failure('P2010'), { meta: { code: '55P03' } })
  expect(isDatabaseBusy(raw)).toBe(true)
  expect(isDatabaseUnavailable(raw)).toBe(true)
  expect(isDatabaseBusy(new Error('outer', { cause: failure('55P03') }))).toBe(true)
  // A statement that takes too long may be a bug in Spaceport.
  for (const code of ['57014', '40P01', '57P01', '23505']) expect(isDatabaseBusy(failure(code)), code).toBe(false)
})
