import { expect, test } from 'vitest'
import { parseOptions } from './parse-options.ts'

test('by default everything is local, on the known ports, and kept', () => {
  expect(parseOptions([], {})).toMatchObject({ dev: false, fresh: false, portOffset: 0, kubeconfig: undefined })
})

test('the offset comes from the option, else from the environment', () => {
  expect(parseOptions([], { SPACEPORT_PORT_OFFSET: '100' }).portOffset).toBe(100)
  expect(parseOptions(['--port-offset', '7'], { SPACEPORT_PORT_OFFSET: '100' }).portOffset).toBe(7)
})

test.each(['-1', 'x', '', '20000', '1.5'])('an offset of %j is refused', (offset) => {
  expect(() => parseOptions([`--port-offset=${offset}`], {})).toThrow('--port-offset')
})

test('a context without a kubeconfig is refused, and so is an unknown option', () => {
  expect(() => parseOptions(['--context', 'prod'], {})).toThrow('--kubeconfig')
  expect(() => parseOptions(['--frehs'], {})).toThrow('--frehs')
})
