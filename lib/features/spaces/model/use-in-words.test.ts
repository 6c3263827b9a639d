import { expect, test } from 'vitest'
import { cpuText, inUseText, memoryText } from './use-in-words.ts'

test.each([
  [0, '0 CPUs'],
  [0.000_004, '0.001 CPUs'],
  [0.004_999, '0.005 CPUs'],
  [0.254, '0.25 CPUs'],
  [0.996, '1 CPU'],
  [0.015, '0.015 CPUs'],
  [1.25, '1.25 CPUs'],
  [12.4, '12 CPUs'],
  [512, '512 CPUs'],
])('%d cores are %s', (cores, text) => expect(cpuText(cores)).toBe(text))

test.each([
  [0, '0 MiB'],
  [512, '1 MiB'],
  [16 * 2 ** 20, '16 MiB'],
  [1023.4 * 2 ** 20, '1023 MiB'],
  [1023.6 * 2 ** 20, '1 GiB'],
  [1.5 * 2 ** 30, '1.5 GiB'],
  [1.25 * 2 ** 30, '1.25 GiB'],
  [2 ** 41, '2048 GiB'],
])('%d bytes are %s', (bytes, text) => expect(memoryText(bytes)).toBe(text))

test('both are joined', () => {
  expect(inUseText({ cpu: 0.25, memory: 120 * 2 ** 20 })).toBe('0.25 CPUs, 120 MiB')
})
