import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { readRequestHeaders } from '#lib/gateway/request/request-headers.ts'
import { parseLabelSelector } from '#lib/gateway/target/parse-label-selector.ts'
import { parseTarget } from '#lib/gateway/target/parse-target.ts'
import { fuzzCases, targetOf } from './case.ts'
import { fuzzSettings } from './settings.ts'

/** The gateway's parsers answer or refuse any input, and reading an answer again gives the same. */
const parsers = 4
const options = {
  seed: fuzzSettings.seed,
  numRuns: fuzzSettings.seconds === undefined ? 5_000 : Number.MAX_SAFE_INTEGER,
  ...(fuzzSettings.seconds !== undefined && {
    interruptAfterTimeLimit: (fuzzSettings.seconds * 1_000) / parsers,
    markInterruptAsFailure: false,
  }),
}
const timeout = ((fuzzSettings.seconds ?? 0) + 60) * 1_000

/** @returns undefined where it was refused; anything else that is thrown is a bug */
function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayRefusal)
    return undefined
  }
}

test('a target', { timeout }, () => {
  const urls = fc.oneof(
    fuzzCases.map((one) => ({ method: one.method, url: `/clusters/lab${targetOf(one)}` })),
    fc.record({ method: fc.constantFrom('GET', 'POST', 'DELETE'), url: fc.string({ unit: 'binary', maxLength: 200 }) }),
    fc.record({
      method: fc.constantFrom('GET', 'PATCH'),
      url: fc.string({ unit: 'grapheme-ascii' }).map((text) => `/clusters/lab/api/v1/${text}`),
    }),
  )
  fc.assert(
    fc.property(urls, ({ method, url }) => {
      const target = unlessRefused(() => parseTarget(method, url))
      if (!target) return
      const rendered = `${target.path}${target.query === '' ? '' : `?${target.query}`}`
      expect(rendered).toMatch(/^\/[\x21-\x7e]*$/)
      expect(target.path).not.toMatch(/\/\.\.?(\/|$)|\/\/|%2f|%2e|%5c|%00|#/i)
      expect(parseTarget(method, `/clusters/lab${rendered}`)).toEqual({ ...target, cluster: 'lab' })
    }),
    options,
  )
})

test('a label selector of spaces and commas is parsed fast', { timeout }, () => {
  const parts = fc.constantFrom(' ', ',', ', ', ' ,', 'a', '(', 'x in (', '!', '\t')
  fc.assert(
    fc.property(
      fc.array(parts, { maxLength: 400 }).map((texts) => texts.join('')),
      (selector) => {
        const time = () => {
          const before = process.cpuUsage()
          unlessRefused(() => parseLabelSelector(selector))
          return process.cpuUsage(before).user / 1_000
        }
        // The rest of the process takes time too, garbage collection above all, but not on every run.
        if (time() >= 100) expect(Math.min(time(), time())).toBeLessThan(100)
      },
    ),
    options,
  )
})

test('a label selector', { timeout }, () => {
  const parts = fc.constantFrom(
    'a',
    'b.c/d',
    ' ',
    ',',
    '=',
    '==',
    '!=',
    '!',
    ' in ',
    ' notin ',
    '(',
    ')',
    '>',
    '5',
    '\t',
    '\n',
    '-',
    'ü',
  )
  fc.assert(
    fc.property(
      fc.array(parts, { maxLength: 12 }).map((texts) => texts.join('')),
      (selector) => {
        const requirements = unlessRefused(() => parseLabelSelector(selector))
        if (!requirements) return
        for (const requirement of requirements) {
          expect(requirement).toMatch(/^[-\w./!=<> (),]+$/)
          expect(parseLabelSelector(requirement)).toEqual([requirement])
        }
        expect(parseLabelSelector(requirements.join(','))).toEqual(requirements)
      },
    ),
    options,
  )
})

test('header fields', { timeout }, () => {
  const names = fc.constantFrom(
    ...['Host', 'host', 'Authorization', 'Accept', 'Impersonate-User', 'impersonate-group', 'Impersonate-Extra-x'],
    ...[
      'X-Remote-User',
      'Connection',
      'Content-Length',
      'Transfer-Encoding',
      'Upgrade',
      'Sec-WebSocket-Protocol',
      'Audit-ID',
    ],
  )
  const fields = fc.array(fc.tuple(names, fc.string({ unit: 'grapheme-ascii', maxLength: 40 })), { maxLength: 12 })
  fc.assert(
    fc.property(fields, fc.boolean(), (pairs, upgrade) => {
      const headers = unlessRefused(() => readRequestHeaders(pairs.flat(), upgrade))
      const sent = headers?.forward.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase()) ?? []
      for (const name of sent) expect(name).toMatch(/^(accept|sec-websocket-protocol)$/)
    }),
    options,
  )
})
