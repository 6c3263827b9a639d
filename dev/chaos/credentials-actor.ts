import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, type Page } from '@playwright/test'
import { spacePage } from '#e2e/models/space-page.ts'
import { hashTokenHex } from '#lib/kernel/credentials/token.ts'
import { openApi } from './api-client.ts'
import type { ChaosRecord } from './record.ts'
import { assertRefused } from './refused.ts'
import { retryUntilDone } from './retry-until-done.ts'
import { sendPromptly } from './send-promptly.ts'

type Scene = {
  page: Page
  webUrl: string
  /** One that the person owns. */
  space: string
  gatewayPorts: readonly number[]
  dir: string
  record: ChaosRecord
  signal: AbortSignal
}

/** The limit is 30 kubeconfigs per person in ten minutes, including those without an answer. */
const pauseMs = 20_000
/** How long a stream may outlive its credential, in milliseconds. */
const cutWithinMs = 2_000

/** A person who gets kubeconfigs, watches with them, and revokes them in the portal. */
export async function revokeCredentials(scene: Scene): Promise<void> {
  const { page, webUrl, space, gatewayPorts, dir, record, signal } = scene
  const path = `/api/v1/namespaces/${space}/configmaps`
  for (let number = 1; !signal.aborted; number++) {
    if (number > 1) await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    const file = join(dir, `revoked-${number}.yaml`)
    const got = await retryUntilDone(record, 'get a kubeconfig', page, {
      act: async () => {
        await spacePage(page, webUrl, space).downloadKubeconfig(file)
      },
      isDone: async () => false,
    })
    if (!got) continue
    const apis = gatewayPorts.map((port) => openApi(file, port))
    try {
      const watches = await Promise.allSettled(apis.map((api) => api.watch(`${path}?watch=1`)))
      const revoke = page.getByRole('button', { name: `Revoke the kubeconfig for ${space}` })
      // An error page has no button either.
      const expectPage = () => expect(page.getByRole('heading', { level: 1, name: 'Credentials' })).toBeVisible()
      const look = async () => {
        await page.goto(`${webUrl}/credentials`)
        await expectPage()
      }
      // When several are revoked, the page doesn't show which one: each must be answered in time.
      let isPrompt = true
      const revoked = await retryUntilDone(record, 'revoke a kubeconfig', page, {
        act: async () => {
          await look()
          // Also revokes kubeconfigs of downloads without an answer.
          while ((await revoke.count()) > 0) {
            const before = await revoke.count()
            const wasPrompt = isPrompt
            isPrompt = false
            const answered = await sendPromptly(page, async () => {
              await revoke.first().click()
              await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click()
              await expect(revoke).toHaveCount(before - 1)
              await expectPage()
            })
            isPrompt = wasPrompt && answered
          }
        },
        isDone: async () => {
          await look()
          return (await revoke.count()) === 0
        },
      })
      if (!revoked) continue
      const confirmedAt = performance.now()
      record.confirmed.push({ action: 'credential.revoke', on: tokenHashOf(file), isPrompt })
      for (const watch of watches) {
        if (watch.status === 'rejected') continue
        const endedAt = await Promise.race([watch.value.ended, sleep(cutWithinMs + 1_000, Number.POSITIVE_INFINITY)])
        if (endedAt - confirmedAt > cutWithinMs)
          record.violations.push('A watch went on although its credential was revoked')
      }
      await assertRefused(apis, path, 'revoked', record)
    } finally {
      await Promise.all(apis.map((api) => api.close()))
    }
  }
}

const tokenHashOf = (kubeconfig: string): string =>
  hashTokenHex(/\bspt_[\w-]{43}/.exec(readFileSync(kubeconfig, 'utf8'))?.[0] ?? '')
