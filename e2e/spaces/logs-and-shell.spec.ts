import { appendFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Page } from '@playwright/test'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { deployment } from '#e2e/fixtures/deployment.ts'
import { expectMay } from '#e2e/fixtures/expect-may.ts'
import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { rawRequest } from '#e2e/fixtures/raw-request.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { accessPage } from '#e2e/models/access-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

const log = (page: Page) => page.getByRole('log')
const shell = (page: Page) => page.locator('.xterm-accessibility-tree')

test('logs are followed and searched, a shell is used, and both are cut when access ends; a stranger gets neither', async ({
  as,
  stack,
  sql,
  admin,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(240_000)
  const [owner, member] = [await as('lotte'), await as('lew')]
  const name = uniqueName('logged')
  const problems: string[] = []
  await member.goto(stack.webUrl)
  await seedSpace(owner, { name })
  const space = spacePage(owner, stack.webUrl, name)
  await space.open('logs')
  await expect(owner.getByRole('heading', { name: 'No pods, no logs' })).toBeVisible()
  const mine = await kubectlFor(owner, name)
  await mine.ok(['apply', '-f', '-'], { input: deployment('web', 2) })
  await mine.ok(['rollout', 'status', 'deployment/web', '--timeout=40s'])

  const pods = (await mine.ok(['get', 'pods', '-o', 'jsonpath={.items[*].metadata.name}'])).split(' ')
  const of = `${pods[0]}/main`
  const logs = (query: string) => `${stack.webUrl}/api/spaces/${name}/logs?${query}`
  await test.step('a stranger without a role sees no pods of the space', async () => {
    for (const path of [`of=${of}`, `of=${of}&file=true`]) {
      const answer = await member.request.get(logs(path))
      expect(answer.status()).toBe(404)
      expect(await answer.text()).not.toContain('development node')
    }
    const gone = await member.request.get(`${stack.webUrl}/api/spaces/${uniqueName('none')}/logs?of=${of}`)
    expect(gone.status()).toBe(404)
    await member.goto(`${stack.webUrl}/spaces/${name}/shell`)
    await expect(spacePage(member, stack.webUrl, name).unknown).toBeVisible()
  })

  const access = accessPage(owner, stack.webUrl, name)
  await access.open()
  await access.add({ who: 'lew@example.com', role: 'editor' })
  const [{ handle } = {}] = await sql(`SELECT handle FROM user_account WHERE email = 'lew@example.com'`)
  await expectMay(admin, String(handle), name, ['get', 'pods/log'], 'yes')
  await expectMay(admin, String(handle), name, ['create', 'pods/exec'], 'yes')

  await test.step('lines of both pods arrive live and can be searched', async () => {
    await member.goto(`${stack.webUrl}/spaces/${name}/logs`)
    await expect(member.getByRole('combobox', { name: 'Source' })).toContainText('web: all 2 pods')
    await expect(log(member)).toContainText('This pod runs on a development node')
    for (const pod of pods) await expect(log(member)).toContainText(pod)
    await expect(member.getByRole('main')).toContainText(/Following: 4 lines/)
    const at = new Date().toISOString().replace('Z', '000000Z')
    appendFileSync(podLog(stack.adminKubeconfig), `${at} stdout F the checkout failed for order-${name}\n`)
    await expect(log(member).getByText(`order-${name}`)).toHaveCount(2)
    await member.getByRole('searchbox', { name: 'Find in these lines' }).fill('CHECKOUT')
    await expect(log(member)).not.toContainText('development node')
    await expect(log(member).locator('mark')).toHaveText(['checkout', 'checkout'])
    await expect(member.getByRole('main')).toContainText('2 found')
    problems.push(...(await lookBeforeRelease(member, 'space-logs-found')))
    const download = member.waitForEvent('download')
    await member.getByRole('link', { name: 'Download' }).click()
    expect((await download).suggestedFilename()).toMatch(/\.log$/)
    await member.getByRole('searchbox', { name: 'Find in these lines' }).fill('')
    await member.getByRole('combobox', { name: 'Run' }).selectOption('Previous run')
    await expect(member.getByRole('main')).toContainText(/The log of the previous run: \d+ lines/)
  })

  await test.step('a workload’s page has the last lines, as plain text', async () => {
    const at = new Date().toISOString().replace('Z', '000000Z')
    appendFileSync(podLog(stack.adminKubeconfig), `${at} stdout F \u001b[31m<b>red-${name}</b>\u0007\u001b[0m\n`)
    await member.goto(`${stack.webUrl}/spaces/${name}/workload?of=Deployment/web`)
    const lines = member.getByRole('log', { name: 'Last lines of main' })
    await expect(lines.getByText(`<b>red-${name}</b>`)).toBeVisible()
    for (const drawn of ['\u001b', '\u0007', '[31m']) await expect(lines).not.toContainText(drawn)
    problems.push(...(await lookBeforeRelease(member, 'space-workload-lines')))
    await member.getByRole('link', { name: 'All of this log' }).click()
    await expect(member.getByRole('combobox', { name: 'Source' })).toHaveValue(/^Pod\/web-/)
    await expect(log(member)).toContainText(`red-${name}`)
  })

  await test.step('a shell runs in the person’s own name', async () => {
    await member.goto(`${stack.webUrl}/spaces/${name}/shell?of=${of}`)
    await expect(member.getByRole('button', { name: 'Open shell' })).toBeVisible()
    problems.push(...(await lookBeforeRelease(member, 'space-shell-closed')))
    await member.getByRole('button', { name: 'Open shell' }).click()
    await expect(member.getByText('Press F6 to leave the terminal')).toBeVisible()
    await member.keyboard.type('hostname\n')
    await expect(shell(member)).toContainText(pods[0] ?? '')
    problems.push(...(await lookBeforeRelease(member, 'space-shell-open')))
    const rows = await sql(
      `SELECT actor_name AS who, detail -> 'browser' AS browser, source_address AS source FROM audit_event
       WHERE action = 'kubectl.exec' AND intent_id IS NULL AND space_id = (SELECT id FROM space WHERE name = $1)`,
      [name],
    )
    expect(rows).toEqual([{ who: 'Lew Example', browser: true, source: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) }])
  })

  await test.step('logs, a shell and a restart open over the page that lists the workloads', async () => {
    const page = await member.context().newPage()
    await page.goto(`${stack.webUrl}/spaces/${name}`)
    const dialog = page.getByRole('dialog')
    const toLogs = page.getByRole('button', { name: 'Logs of web' })
    await toLogs.click()
    await expect(dialog.getByRole('log')).toContainText('This pod runs on a development node')
    problems.push(...(await lookBeforeRelease(page, 'space-logs-over-it', corners)))
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await expect(toLogs).toBeFocused()

    await page.getByRole('button', { name: 'Shell in web' }).click()
    await dialog.getByRole('button', { name: 'Open shell' }).click()
    await expect(dialog.getByText('Press F6 to leave the terminal')).toBeVisible()
    await page.keyboard.type('hostname\n')
    await expect(shell(page)).toContainText(/web-\w+-\w+/)
    await page.keyboard.press('Escape')
    await page.keyboard.press('F6')
    await page.keyboard.press('Escape')
    await expect(dialog, 'Escape is the shell’s while one is open').toBeVisible()
    problems.push(...(await lookBeforeRelease(page, 'space-shell-over-it', corners)))
    await dialog.getByRole('button', { name: 'Close shell' }).click()
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)

    await page.getByRole('button', { name: 'Restart web' }).click()
    await expect(dialog).toContainText('Its 2 pods are replaced')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect(dialog).toHaveCount(0)

    // The code for it doesn't arrive.
    await page.reload()
    await expect(async () => {
      // A page that was just loaded may not respond yet.
      if (!(await dialog.isVisible())) await page.getByRole('button', { name: 'Restart web' }).click()
      await expect(dialog).toBeVisible({ timeout: 1_000 })
    }).toPass()
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await page.route('**/_next/static/chunks/**', (route) => route.abort())
    await toLogs.click()
    await expect(dialog.getByRole('alert')).toHaveText('It couldn’t be loaded. Reload the page.')
    await page.keyboard.press('Escape')
    await expect(page.getByRole('table', { name: 'Workloads' })).toBeVisible()
    await page.close()
  })

  await test.step('another site, a stranger and a signed-out person get no shell', async () => {
    const cookie = (await member.context().cookies()).map((one) => `${one.name}=${one.value}`).join('; ')
    const stranger = (await owner.context().cookies()).map((one) => `${one.name}=${one.value}`).join('; ')
    const ask = (origin: string, sent: string, space_ = name, more: string[] = []) =>
      rawRequest(stack.webUrl, [
        `GET /api/spaces/${space_}/shell?of=${of} HTTP/1.1`,
        ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', `Origin: ${origin}`],
        ...['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Protocol: v5.channel.k8s.io'],
        ...(sent ? [`Cookie: ${sent}`] : []),
        ...more,
      ])
    expect(await ask('https://evil.example', cookie)).toMatch(/^HTTP\/1\.1 403 /)
    expect(await ask('null', cookie)).toMatch(/^HTTP\/1\.1 403 /)
    expect(await ask(stack.webUrl, '')).toMatch(/^HTTP\/1\.1 401 /)
    expect(await ask(stack.webUrl, '', name, ['x-spaceport-proof: x'])).toMatch(/^HTTP\/1\.1 401 /)
    const none = await ask(stack.webUrl, stranger, uniqueName('none'))
    expect(none).toContain('Not found, or not shared with you.')
  })

  await test.step('when the role is removed, the shell and the log are cut', async () => {
    const following = await member.context().newPage()
    await following.goto(`${stack.webUrl}/spaces/${name}/logs`)
    await expect(log(following)).toContainText('development node')
    await access.open()
    await owner.getByRole('button', { name: 'Remove Lew Example' }).click()
    await owner.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await expect(
      member
        .getByText('The connection was cut')
        .or(spacePage(member, stack.webUrl, name).unknown)
        .first(),
    ).toBeVisible()
    await expect(
      following
        .getByText('cut off')
        .or(spacePage(following, stack.webUrl, name).unknown)
        .first(),
    ).toBeVisible()
    expect((await member.request.get(logs(`of=${of}`))).status()).toBe(404)
  })

  await test.step('signing out ends the browser’s access', async () => {
    const live =
      "SELECT count(*)::int AS n FROM credential c JOIN user_account u ON u.id = c.user_id WHERE u.email = 'lew@example.com' AND c.session_id IS NOT NULL AND c.revoked_at IS NULL"
    expect((await sql(live))[0]?.n).toBeGreaterThan(0)
    await sql("DELETE FROM session WHERE user_id = (SELECT id FROM user_account WHERE email = 'lew@example.com')")
    expect((await sql(live))[0]?.n).toBe(0)
  })
  expect(problems).toEqual([])
})

/** What all simulated containers write, stored beside the control plane’s kubeconfig. */
const podLog = (adminKubeconfig: string) => join(dirname(adminKubeconfig), 'pod.log')
