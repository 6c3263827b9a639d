import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'

test('an auditor sees who can use a space and why, foreign bindings, and the cluster’s answers', async ({
  as,
  stack,
  admin,
  kubectlFor,
  sql,
  dir,
  seedSpace,
}) => {
  test.setTimeout(240_000)
  const [owner, editor, auditor] = [await as('omar'), await as('edda'), await as('dave')]
  const name = uniqueName('seen')
  const problems: string[] = []
  await seedSpace(owner, { name, members: [{ principal: 'edda@example.com', role: 'editor' }] })
  const kubectl = await kubectlFor(editor, name)
  await expect.poll(async () => (await kubectl.run(['get', 'pods'])).status).toBe(0)
  await admin.ok(['-n', name, 'create', 'rolebinding', 'forgotten', '--clusterrole=view', '--user=an-operator'])
  await expect
    .poll(
      async () => {
        // A use that can’t be written is written with the next one.
        await kubectl.run(['get', 'pods'])
        return (await sql('SELECT 1 FROM space_use u JOIN space s ON s.id = u.space_id WHERE s.name = $1', [name]))
          .length
      },
      { timeout: 30_000 },
    )
    .toBe(1)

  for (const path of ['/admin/access', `/spaces/${name}/access/report`, '/admin/people/nobody-000000/access']) {
    await owner.goto(`${stack.webUrl}${path}`)
    await expect(owner.getByText('Only auditors and platform admins can see this page')).toBeVisible()
    await expect(owner.getByRole('main')).not.toContainText(name)
  }
  for (const query of [`by=space&space=${name}`, 'by=person'])
    expect((await owner.request.get(`${stack.webUrl}/api/admin/access/export?${query}`)).status(), query).toBe(403)

  await auditor.goto(stack.webUrl)
  await auditor
    .getByRole('navigation', { name: 'Administration' })
    .getByRole('link', { name: 'Spaces', exact: true })
    .click()
  await expect(auditor.getByRole('table', { name: 'Spaces' })).toBeVisible()
  problems.push(...(await lookBeforeRelease(auditor, 'access-spaces')))
  await auditor.getByRole('searchbox', { name: 'Search' }).fill(name)
  await expect(auditor.getByRole('table', { name: 'Spaces' }).getByRole('rowheader')).toHaveCount(1)
  await auditor.getByRole('table', { name: 'Spaces' }).getByRole('link', { name }).click()
  await expect(auditor.getByRole('heading', { level: 1, name })).toBeVisible()
  const people = auditor.getByRole('table', { name: 'Access to the space' })
  await expect(people.getByRole('row', { name: /^Omar Example/ })).toContainText('Created it')
  const row = people.getByRole('row', { name: /^Edda Example/ })
  await expect(row).toContainText('Editor')
  await expect(row).toContainText('Added by Omar Example')
  await expect(row).not.toContainText('Not seen')
  const bindings = auditor.getByRole('table', { name: 'Bindings on the cluster' })
  await expect(bindings.getByRole('row', { name: /forgotten/ })).toContainText('Not made by Spaceport')
  await expect(bindings.getByRole('row', { name: /forgotten/ })).toContainText('an-operator')
  await expect(bindings.getByRole('row', { name: /spaceport:editor/ })).toContainText('Unchanged')
  const seen = auditor.getByRole('table', { name: 'Direct access' })
  // The API server sends audit batches, and this page doesn't update live.
  await expect(async () => {
    await auditor.reload()
    const installer = seen.getByRole('row', { name: /spaceport:installer/ })
    await expect(installer).toContainText('Client certificate', { timeout: 2_000 })
  }).toPass({ timeout: 30_000 })
  await expect(seen).not.toContainText('spaceport-users')

  const who = auditor.getByRole('form', { name: 'Who can do what here' })
  await who.getByLabel('Resource').fill('pods please')
  await who.getByRole('button', { name: 'Who can?' }).click()
  await expect(who).toContainText('Enter the plural')
  await expect(who.getByLabel('Resource')).toHaveValue('pods please')
  await who.getByLabel('Resource').fill('pods')
  await who.getByRole('button', { name: 'Who can?' }).click()
  const answer = auditor.getByRole('table', { name: 'Who can delete pods' })
  await expect(answer.getByRole('row', { name: /Edda Example/ })).toContainText('spaceport:editor')
  await expect(answer.getByRole('row', { name: /^Omar Example/ })).toContainText('spaceport:admin')
  await expect(answer).not.toContainText('an-operator')
  await who.getByLabel('Verb').fill('list')
  await who.getByRole('button', { name: 'Who can?' }).click()
  await expect(
    auditor.getByRole('table', { name: 'Who can list pods' }).getByRole('row', { name: /an-operator/ }),
  ).toContainText('Not given by Spaceport')

  const what = auditor.getByRole('form', { name: 'What a person can do here' })
  const [edda] = await sql(`SELECT handle FROM user_account WHERE name = 'Edda Example'`)
  await what.getByLabel('Person').fill('nobody-000000')
  await what.getByRole('button', { name: 'What can they do?' }).click()
  await expect(what).toContainText('No one with this handle has signed in.')
  await what.getByLabel('Person').fill(String(edda?.handle))
  await what.getByRole('button', { name: 'What can they do?' }).click()
  const rights = auditor.getByRole('region', { name: 'What Edda Example can do' })
  await expect(rights).toContainText('Spaceport gives them editor there.')
  await expect(rights.getByRole('list', { name: 'Risks' })).toContainText('Secrets')
  await expect(rights.getByText(/than Spaceport gives/)).toHaveCount(0)
  problems.push(...(await lookBeforeRelease(auditor, 'access-space')))

  const downloading = auditor.waitForEvent('download')
  await auditor.getByRole('link', { name: 'Download CSV' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toMatch(/^spaceport-access-by-space-\d{4}-\d\d-\d\d\.csv$/)
  const file = join(dir, 'access.csv')
  await download.saveAs(file)
  const text = readFileSync(file, 'utf8')
  expect(text).toMatch(new RegExp(`role,default,${name},${edda?.handle},Edda Example,no,editor`))
  expect(text).toContain('RoleBinding/forgotten,foreign,User/an-operator')
  expect(text).toMatch(/^seen,default,.*,User\/spaceport:installer,certificate · X509SHA256=/m)
  await auditor.goto(`${stack.webUrl}/audit?action=access.&space=${name}`)
  await expect(auditor.getByRole('main')).toContainText(`asked the cluster who may list pods in ${name}`)

  await auditor.goto(`${stack.webUrl}/admin/people/${edda?.handle}`)
  const views = auditor.getByRole('navigation', { name: 'Views of Edda Example' })
  await views.getByRole('link', { name: 'Access' }).click()
  await expect(auditor.getByRole('heading', { level: 1, name: 'Edda Example' })).toBeVisible()
  const held = auditor.getByRole('table', { name: 'Access of the person' })
  await expect(held.getByRole('row', { name: new RegExp(name) })).toContainText('Added by Omar Example')
  await expect(auditor.getByRole('table', { name: 'Active credentials' })).toContainText(name)
  problems.push(...(await lookBeforeRelease(auditor, 'access-person')))
  await views.getByRole('link', { name: 'Activity' }).click()
  await expect(auditor.getByRole('main')).toContainText(`Edda Example created a kubeconfig for ${name}`)
  problems.push(...(await lookBeforeRelease(auditor, 'activity-person')))
  await auditor.goto(`${stack.webUrl}/spaces/no-such-space/access/report`)
  await expect(auditor.getByRole('heading', { level: 1, name: 'Space not found' })).toBeVisible()
  expect(problems).toEqual([])
})
