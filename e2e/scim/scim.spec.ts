import { subjectOf } from '#dev/idp/people.ts'
import { type ScimClient, scimClient, scimGroup, scimPatch, scimUser } from '#dev/testing/fixtures/scim-client.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'

/** A second, with room for a busy machine. */
const cutWithinMs = 15_000

test('an admin creates a token; the provider adds a person and a group, who use kubectl until it deactivates them', async ({
  as,
  stack,
  sql,
  kubectlFor,
  seedSpace,
}) => {
  test.setTimeout(300_000)
  const problems: string[] = []
  // Without a second admin, no one could approve a token.
  const second = await as('sonja')
  const admin = await as('carol')
  await admin.goto(stack.webUrl)
  await admin.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name: 'Provisioning' }).click()
  await expect(admin.getByRole('heading', { level: 1, name: 'Provisioning' })).toBeVisible()
  problems.push(...(await lookBeforeRelease(admin, 'provisioning-empty')))
  await admin.getByRole('button', { name: 'Request token' }).click()
  await expect(admin.getByText('Fill this in.')).toBeVisible()
  const ask = async (name: string) => {
    await admin.getByRole('textbox', { name: 'Name' }).fill(name)
    await admin.getByRole('button', { name: 'Request token' }).click()
    await expect(admin.getByRole('table', { name: 'Requested tokens' })).toContainText(name)
    // Requesters can't approve their own request.
    await expect(admin.getByRole('button', { name: 'Approve' })).toHaveCount(0)
  }
  const approve = async (name: string) => {
    await second.goto(`${stack.webUrl}/admin/provisioning`)
    await second.getByRole('button', { name: `Approve the token ${name}` }).click()
    await second.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
    await expect(second.getByRole('table', { name: 'Requested tokens' })).toContainText('Approved by')
  }
  const make = async (name: string) => {
    await ask(name)
    await approve(name)
    await admin.reload()
    await admin.getByRole('button', { name: 'Reveal token' }).click()
    await expect(admin.getByRole('table', { name: 'Provisioning tokens' })).toContainText(name)
    return (await admin.getByText(/^sps_/).textContent()) ?? ''
  }
  const old = await make('The first')
  const token = await make('The second')
  expect(token).not.toBe(old)
  problems.push(...(await lookBeforeRelease(admin, 'provisioning')))
  await admin.reload()
  await expect(admin.getByText(/sps_/)).toHaveCount(0)

  const scim: ScimClient = scimClient(stack.webUrl, token)
  expect((await scimClient(stack.webUrl, old)('GET', '/Users?count=0')).status).toBe(200)
  await admin.getByRole('button', { name: 'Revoke the token The first' }).click()
  problems.push(...(await lookBeforeRelease(admin, 'provisioning-revoke')))
  await admin.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await expect(admin.getByRole('dialog')).toHaveCount(0)
  expect((await scimClient(stack.webUrl, old)('GET', '/Users?count=0')).status).toBe(401)

  // Before their first sign-in: a person, and a group with a role.
  const user = scimUser('sina@example.com', { externalId: subjectOf('sina'), displayName: 'Sina Provisioned' })
  const { id } = (await scim('POST', '/Users', user)).body
  const group = uniqueName('Engineers')
  const pushed = await scim('POST', '/Groups', scimGroup(group, [id]))
  expect(pushed.status).toBe(201)
  const owner = await as('sven')
  const name = uniqueName('shared')
  await seedSpace(owner, { name, members: [{ principal: `group:${group}`, role: 'editor' }] })
  const [{ handle } = {}] = await sql('SELECT handle FROM user_account WHERE subject = $1', [subjectOf('sina')])
  await admin.goto(`${stack.webUrl}/admin/people/${handle}`)
  await expect(admin.getByRole('heading', { level: 1, name: 'Sina Provisioned' })).toBeVisible()
  await expect(admin.getByText('Never (provisioned)')).toBeVisible()
  await expect(admin.getByText('pushed by provisioning')).toBeVisible()
  problems.push(...(await lookBeforeRelease(admin, 'provisioned-person')))

  const person = await as('sina')
  const mine = await kubectlFor(person, name)
  await expect.poll(async () => (await mine.run(['get', 'configmaps'])).status).toBe(0)
  await mine.ok(['create', 'configmap', 'one'])
  const watching = mine.start(['get', 'configmaps', '-w'])
  await expect.poll(watching.output).toContain('one')
  const member = (op: 'add' | 'remove') =>
    scim(
      'PATCH',
      `/Groups/${pushed.body.id}`,
      scimPatch(
        op === 'add' ? { op, path: 'members', value: [{ value: id }] } : { op, path: `members[value eq "${id}"]` },
      ),
    )
  await member('remove')
  expect((await mine.run(['get', 'configmaps'])).status).not.toBe(0)
  await watching.ended
  await member('add')
  await expect.poll(async () => (await mine.run(['get', 'configmaps'])).status).toBe(0)
  const again = mine.start(['get', 'configmaps', '-w'])
  await expect.poll(again.output).toContain('one')

  const started = Date.now()
  const off = await scim('PATCH', `/Users/${id}`, scimPatch({ op: 'Replace', path: 'active', value: 'False' }))
  expect(off.body.active).toBe(false)
  const answered = Date.now()
  await again.ended
  const cutMs = Date.now() - answered
  console.info(`answered after ${answered - started} ms, the watch was cut ${cutMs} ms later`)
  expect(cutMs).toBeLessThan(cutWithinMs)
  expect((await mine.run(['get', 'configmaps'])).status).not.toBe(0)
  await person.goto(stack.webUrl)
  await expect(person.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible()
  await admin.reload()
  await expect(admin.getByText(/by provisioning \(token of carol-\S+ and sonja-\S+: The second\)/)).toBeVisible()
  await admin.goto(`${stack.webUrl}/audit?action=provisioning.`)
  await expect(admin.getByText(/^Provisioning \(token of carol-\S+ and sonja-\S+: The second\)/).first()).toBeVisible()

  // The token may have leaked: freezing stops all changes until an admin unfreezes, and its groups can be removed.
  const dialog = admin.getByRole('dialog')
  const answer = async (button: string) => {
    await admin.getByRole('button', { name: button }).click()
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('The token may have leaked')
    await dialog.getByRole('button', { name: button.split(' ')[0] ?? '' }).click()
    await expect(dialog).toHaveCount(0)
  }
  await admin.goto(`${stack.webUrl}/admin/provisioning`)
  await answer('Freeze provisioning')
  await expect(admin.getByText('Provisioning is frozen', { exact: true })).toBeVisible()
  problems.push(...(await lookBeforeRelease(admin, 'provisioning-frozen')))
  expect((await member('remove')).status).toBe(503)
  await answer(`Remove the pushed group ${group}`)
  await expect(admin.getByText('No pushed groups')).toBeVisible()
  await answer('Unfreeze provisioning')
  await expect(admin.getByText('Provisioning is frozen', { exact: true })).toHaveCount(0)
  expect((await scim('GET', '/Users?count=0')).status).toBe(200)

  // Without its second maker, the token stops.
  const [{ handle: maker } = {}] = await sql('SELECT handle FROM user_account WHERE subject = $1', [subjectOf('sonja')])
  await admin.goto(`${stack.webUrl}/admin/people/${maker}`)
  await answer('Deactivate')
  await expect(admin.getByRole('button', { name: 'Reactivate' })).toBeVisible()
  expect((await scim('GET', '/Users?count=0')).status).toBe(401)
  await admin.goto(`${stack.webUrl}/admin/provisioning`)
  await expect(admin.getByText('not an active platform admin', { exact: true })).toBeVisible()
  problems.push(...(await lookBeforeRelease(admin, 'provisioning-stopped')))
  expect(problems).toEqual([])
})
