import type { Tx } from '#lib/db/client.ts'
import type { Recording } from './recorded.ts'

/**
 * Makes a change that may have been made already, by the same person at the same time. Then it is undone together with its
 * intent: many at once are one change, in the trail too.
 * @param change returns whether it changed anything
 */
export async function commitOnce(record: Recording, change: (tx: Tx) => Promise<boolean>): Promise<void> {
  const made = new Error('somebody else made this change first')
  try {
    await record.commit(async (tx) => {
      if (!(await change(tx))) throw made
    })
  } catch (error) {
    if (error !== made) throw error
  }
}
