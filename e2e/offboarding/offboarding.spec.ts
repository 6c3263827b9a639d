import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { deployment } from '#e2e/fixtures/deployment.ts'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { spacePage } from '#e2e/models/space-page.ts'

/** A second, with room for a busy machine. */
const cutWithinMs = 15_000

test('offboarding a person cuts their shell and watch, hands over their spaces, and completes the certificate', async ({
  as,
  stack,
  kubectlFor,
  admin: cluster,
  sql,
  seedRequest,
  seedSpace,
}) => {
  test.setTimeout(300_000)
  const problems: string[] = []
  const [departingUser, newOwner, admin, auditor] = [
    await as('otto'),
    await as('hedy'),
    await as('carol'),
    await as('dave'),
  ]
  const [kept, doomed, wanted] = [uniqueName('kept'), uniqueName('doomed'), uniqueName('wanted')]
  for (const name of [kept, doomed]) {
    await seedSpace(departingUser, { name })
  }
  await newOwner.goto(`${stack.webUrl}/profile`)
  await seedSpace(newOwner, { name: wanted })
  const request = await seedRequest(departingUser, { space: wanted, role: 'viewer', minutes: 60, reason: 'To look' })
  const [{ handle } = {}] = await sql(`SELECT handle FROM user_account WHERE name = 'Otto Example'`)
  const mine = await kubectlFor(departingUser, kept)
  await mine.ok(['apply', '-f', '-'], { input: deployment('work') })
  await mine.ok(['rollout', 'status', 'deployment/work', '--timeout=40s'])
  await mine.ok(['create', 'serviceaccount', 'robot'])
  const pod = (await mine.ok(['get', 'pods', '-o', 'name'])).trim()
  const watching = mine.start(['get', 'pods', '-w'])
  const inside = mine.start(['exec', pod, '--', 'sh', '-c', 'echo begun; sleep 300'])
  await expect.poll(watching.output).toContain('work-')
  await expect.poll(inside.output).toContain('begun')

  // Not created by Spaceport, so it keeps the certificate open.
  const account = `system:serviceaccount:spaceport-users:${handle}`
  await cluster.ok(['create', 'rolebinding', 'foreign', '-n', kept, '--clusterrole=view', `--user=${account}`])

  for (const page of [departingUser, auditor]) {
    await page.goto(`${stack.webUrl}/admin/people/${handle}/offboard`)
    await expect(page.getByRole('heading', { name: /Offboard Otto/ })).toHaveCount(0)
  }
  await admin.goto(`${stack.webUrl}/admin/people/${handle}`)
  await admin.getByRole('button', { name: 'Offboard', exact: true }).click()
  await expect(admin.getByRole('heading', { level: 1, name: 'Offboard Otto Example' })).toBeVisible()
  const spaces = admin.getByRole('table', { name: 'Spaces to decide about' })
  await expect(spaces.getByRole('rowheader')).toHaveCount(2)
  problems.push(...(await lookBeforeRelease(admin, 'offboard')))

  // Errors don't discard any input.
  const button = admin.getByRole('button', { name: 'Offboard', exact: true })
  await expect(button).toBeDisabled()
  await admin.getByLabel(`Type ${handle} to confirm`).fill(`${handle}`)
  await admin.getByLabel('New owner', { exact: true }).fill('nobody-000000')
  await admin.getByRole('button', { name: `Change the decision for ${doomed}` }).click()
  await admin.getByRole('combobox', { name: `New owner of ${doomed}` }).fill('hedy')
  await admin.getByRole('option', { name: /^Hedy Example/ }).click()
  await expect(spaces.getByRole('row').filter({ hasText: doomed })).toContainText('Hedy Example')
  await admin.getByLabel(`Decision for ${doomed}`).selectOption('Delete on a date')
  await admin.getByLabel(`End of ${doomed}`).fill('2020-01-01')
  await button.click()
  await expect(admin.getByText('Fill this in.')).toBeVisible()
  await admin.getByRole('textbox', { name: 'Reason' }).fill('Left the company')
  await button.click()
  await expect(admin.getByText('The end date must be in the future.').first()).toBeVisible()
  await expect(admin.getByLabel('New owner', { exact: true })).toHaveValue('nobody-000000')
  await admin.getByLabel(`End of ${doomed}`).fill(new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10))
  await button.click()
  await expect(admin.getByText(/No active person has the handle/).first()).toBeVisible()
  await admin.getByLabel('New owner', { exact: true }).fill('hedy')
  await admin.getByRole('option', { name: /^Hedy Example/ }).click()
  await expect(admin.getByText('1 space will be deleted with everything in it')).toBeVisible()
  problems.push(...(await lookBeforeRelease(admin, 'offboard-decided')))
  const ends = Promise.all([watching, inside].map(({ ended }) => ended.then((end) => ({ ...end, at: Date.now() }))))
  await button.click()
  const [watched, exec] = await ends
  const [{ at } = {}] = await sql(
    `SELECT o.created_at AS at FROM offboarding o JOIN user_account u ON u.id = o.person_id WHERE u.handle = $1`,
    [handle],
  )
  const cutMs = [watched, exec].map((end) => (end?.at ?? 0) - new Date(String(at)).getTime())
  console.info(`cut ${cutMs.join(' and ')} ms after the offboarding began`)
  expect(exec?.status).not.toBe(0)
  for (const ms of cutMs) expect(ms).toBeLessThan(cutWithinMs)
  expect((await mine.run(['get', 'pods'])).status).not.toBe(0)

  await expect(admin.getByRole('heading', { level: 1, name: 'Otto Example', exact: true })).toBeVisible()
  const untilShown = (text: string | RegExp) =>
    expect(async () => {
      await admin.reload()
      await expect(admin.getByText(text)).toBeVisible({ timeout: 2_000 })
    }).toPass({ timeout: 120_000 })
  await untilShown(`in ${kept}: read pods`)
  await expect(admin.getByText(/certificate open: 1 cluster of 1 to go/)).toBeVisible()
  problems.push(...(await lookBeforeRelease(admin, 'offboarded-open')))
  await cluster.ok(['delete', 'rolebinding', 'foreign', '-n', kept])
  await untilShown('Offboarded · certificate complete')
  await expect(admin.getByRole('region', { name: 'Objects they left' })).toContainText('serviceaccount robot')
  problems.push(...(await lookBeforeRelease(admin, 'offboarded')))
  expect(await cluster.ok(['get', 'serviceaccounts', '-n', 'spaceport-users', '-o', 'name'])).not.toContain(handle)
  const may = await cluster.run(['auth', 'can-i', 'list', 'pods', '-n', kept, '--as', account])
  expect(may.stdout.trim()).toBe('no')

  await auditor.goto(`${stack.webUrl}/admin/people/${handle}`)
  const [download] = await Promise.all([
    auditor.waitForEvent('download'),
    auditor.getByRole('link', { name: 'Download certificate' }).click(),
  ])
  const file = readFileSync(await download.path())
  await expect(auditor.getByText(createHash('sha256').update(file).digest('hex'))).toBeVisible()
  expect(JSON.parse(file.toString())).toMatchObject({ complete: true, reason: 'Left the company', person: { handle } })

  await newOwner.goto(`${stack.webUrl}/inbox`)
  await expect(newOwner.getByText(new RegExp(`made you the owner of the space ${kept}`))).toBeVisible()
  await expect(newOwner.getByText(/kubectl delete -n .* serviceaccount\/robot/)).toBeVisible()
  await spacePage(newOwner, stack.webUrl, kept).open()
  await expect(newOwner.getByRole('heading', { level: 1, name: kept })).toBeVisible()

  await newOwner.goto(request)
  await expect(newOwner.getByRole('heading', { name: 'Carol Example closed this request' })).toBeVisible()
  await expect(newOwner.getByText('Closed', { exact: true })).toBeVisible()
  await expect(newOwner.getByText('The requester was offboarded.')).toBeVisible()

  await admin.getByRole('button', { name: 'Reactivate' }).click()
  await expect(admin.getByRole('dialog')).toContainText('but without access')
  problems.push(...(await lookBeforeRelease(admin, 'offboarded-reactivate')))
  expect(problems).toEqual([])
})
