import { expect, test } from 'vitest'
import { answerInWords, isGone, resultOf } from './webhook-answer.ts'

const answer = (status: number) => ({ status, retryAfterMs: null })

test.each([200, 201, 202, 204])('%d means that it arrived', (status) => {
  expect(resultOf(answer(status))).toEqual({ sent: true })
})

test.each([408, 425, 429, 500, 502, 503, 504, 599])('after %d, it is tried again', (status) => {
  expect(resultOf(answer(status))).toMatchObject({ sent: false, permanent: false })
})

test.each([301, 302, 307, 308, 400, 401, 403, 404, 405, 410, 413, 422])('after %d, it isn’t', (status) => {
  expect(resultOf(answer(status))).toMatchObject({ sent: false, permanent: true })
  expect(isGone(answer(status))).toBe(status === 410)
})

test('every attempt without an answer is retried, and reported in the same words', () => {
  const answers = ['BLOCKED', 'ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED'].map(
    (why) => ({ status: null, why }) as const,
  )
  for (const one of answers) expect(resultOf(one)).toMatchObject({ sent: false, permanent: false })
  expect(new Set(answers.map((one) => answerInWords(one, 'hooks.example.com')))).toHaveLength(1)
})

test('a test’s result is a sentence', () => {
  expect(answerInWords(answer(204), 'hooks.example.com')).toBe('hooks.example.com accepted the message.')
  expect(answerInWords(answer(404), 'h')).toContain('HTTP 404')
  expect(answerInWords(answer(302), 'h')).toContain('redirect')
})
