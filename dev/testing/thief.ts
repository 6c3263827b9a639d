import { expect, inject } from 'vitest'
import type { Ran } from './gateway-fixture.ts'
import { createKubectl } from './kubectl.ts'

export type Try = (args: readonly string[], input?: object) => Promise<Ran>

/**
 * kubectl with a stolen identity, straight at the API server.
 * @param kubeconfig its path
 * @param more precedes every attempt: `--token=…`, `--as=…`
 */
export const thief = (kubeconfig: string, ...more: string[]): Try => {
  const kubectl = createKubectl({ program: inject('binaries').kubectl, kubeconfig })
  return async (args, input) => {
    // Without the flag kubectl first asks which kinds exist, and is refused in words that look like the API server's.
    const [flags, given] = input === undefined ? [[], {}] : [['--validate=false'], { input: JSON.stringify(input) }]
    const { status, stdout, stderr } = await kubectl.run([...more, ...args, ...flags], given)
    return { code: status, out: stdout, all: stdout + stderr }
  }
}

export const expectDone = ({ code, all }: Ran): void => expect({ code, all }).toMatchObject({ code: 0 })

/** @param why in the words of the expected refuser: another refusal would prove nothing */
export const expectRefused = ({ code, all }: Ran, why: RegExp): void => {
  expect(all).toMatch(why)
  expect(code).not.toBe(0)
}
