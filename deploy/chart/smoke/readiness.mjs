import { setTimeout as delay } from 'node:timers/promises'
import { ask } from './ask.mjs'
import { reasonOf } from './steps.mjs'

/**
 * Waits until a process is ready.
 * @returns the state of its parts;
 * @throws Error with its last answer
 */
export async function untilReady(url, patienceMs) {
  const endsAt = Date.now() + patienceMs
  for (;;) {
    const { ok, said } = await ask(url).then(
      ({ status, text }) => ({ ok: status === 200, said: `${status} ${text}` }),
      (error) => ({ ok: false, said: reasonOf(error) }),
    )
    if (ok) return said
    if (Date.now() > endsAt) throw new Error(said)
    await delay(1_000)
  }
}
