import { setTimeout as sleep } from 'node:timers/promises'
import { findPortHolder } from '#dev/ports/find-port-holder.ts'
import { isFree } from '#dev/ports/free-ports.ts'

/**
 * Checks that the ports are free.
 * @param ports by use
 * @param patienceMs how long to wait for processes that are just exiting
 * @throws Error that names every taken port, its process, and what to do
 */
export async function checkPorts(ports: Readonly<Record<string, number>>, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    const taken: [string, number][] = []
    for (const entry of Object.entries(ports)) if (!(await isFree(entry[1]))) taken.push(entry)
    if (taken.length === 0) return
    if (Date.now() < deadline) {
      await sleep(200)
      continue
    }
    const lines = await Promise.all(
      taken.map(async ([use, port]) => {
        const holder = await findPortHolder(port)
        return `  ${port} (${use}) is taken${holder === undefined ? '' : ` by ${holder}`}`
      }),
    )
    const wayOut = 'End it, or choose other ports: npm start -- --port-offset 100'
    throw new Error(['Some ports are not free:', ...lines, wayOut].join('\n'))
  }
}
