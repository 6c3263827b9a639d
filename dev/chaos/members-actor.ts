import { setTimeout as sleep } from 'node:timers/promises'
import { expect, type Page } from '@playwright/test'
import { accessPage } from '#e2e/models/access-page.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'
import type { ApiClient } from './api-client.ts'
import { promptMs } from './compare-actions.ts'
import type { ChaosRecord } from './record.ts'
import { assertRefused } from './refused.ts'
import { retryUntilDone } from './retry-until-done.ts'
import { sendPromptly } from './send-promptly.ts'

type Scene = {
  page: Page
  webUrl: string
  /** Of the person who is added and removed, bypassing the balancer: one for each gateway. */
  guest: { name: string; handle: string; apis: readonly ApiClient[] }
  record: ChaosRecord
  signal: AbortSignal
}

/** An owner who creates spaces, adds a member, removes them and deletes the space, in the portal. */
export async function makeSpaces({ page, webUrl, guest, record, signal }: Scene): Promise<void> {
  for (let number = 1; !signal.aborted; number++) {
    const name = `chaos-${number}`
    const space = spacePage(page, webUrl, name)
    const access = accessPage(page, webUrl, name)
    const member = access.members.getByRole('row', { name: guest.name })
    const look = async () => {
      await access.open()
      await expect(access.members).toBeVisible()
    }
    // A dialog also closes with its page.
    const expectMembers = async (count: number) => {
      await expect(access.members).toBeVisible()
      await expect(member).toHaveCount(count)
    }
    const isMade = async () => {
      await space.open()
      await expect(space.status).toHaveText('Ready')
      return true
    }
    let isPrompt = false
    const made = await retryUntilDone(record, `create ${name}`, page, {
      act: async () => {
        const began = performance.now()
        await newSpacePage(page).create(webUrl, { name })
        isPrompt = performance.now() - began < promptMs
        await isMade()
      },
      isDone: isMade,
    })
    if (!made) continue
    record.confirmed.push({ action: 'space.create', on: name, isPrompt })

    const path = `/api/v1/namespaces/${name}/configmaps`
    const added = await retryUntilDone(record, `add a member to ${name}`, page, {
      act: async () => {
        await look()
        await access.add({ who: guest.handle, role: 'editor' })
        await expectMembers(1)
      },
      isDone: async () => {
        await look()
        return (await member.count()) > 0
      },
    })
    if (!added) continue
    await expectServed(guest.apis, path, record)
    isPrompt = false
    const removed = await retryUntilDone(record, `remove a member from ${name}`, page, {
      act: async () => {
        await look()
        isPrompt = await sendPromptly(page, async () => {
          await access.remove(guest.name)
          await expectMembers(0)
        })
      },
      isDone: async () => {
        await look()
        return (await member.count()) === 0
      },
    })
    if (!removed) continue
    record.confirmed.push({ action: 'grant.remove', on: name, isPrompt })
    await assertRefused(guest.apis, path, `removed from ${name}`, record)

    // Some stay, so that there is something to compare at the end.
    if (number % 3 === 0) continue
    await retryUntilDone(record, `delete ${name}`, page, {
      act: () => space.remove(),
      isDone: async () => {
        await space.open()
        return (await space.gone.or(space.unknown).count()) > 0 || (await space.status.textContent()) === 'Deleting'
      },
    })
  }
}

/** A grant reaches each gateway once it is up. */
async function expectServed(apis: readonly ApiClient[], path: string, record: ChaosRecord): Promise<void> {
  const until = Date.now() + 60_000
  for (const api of apis) {
    for (;;) {
      const status = await api.send('GET', path).then(
        (answer) => answer.status,
        () => 0,
      )
      if (status === 200) break
      if (Date.now() > until) {
        record.violations.push(`A member is not served after a minute: ${status} on ${path}`)
        return
      }
      await sleep(100)
    }
  }
}
