import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { deployment } from '#e2e/fixtures/deployment.ts'
import { corners, lookBeforeRelease } from '#e2e/fixtures/look.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { typeEarly } from '#e2e/fixtures/type-early.ts'
import { newSpacePage } from '#e2e/models/new-space-page.ts'
import { spacePage } from '#e2e/models/space-page.ts'

test('a developer creates a space, uses it with kubectl and nowhere else, and deletes it with everything in it', async ({
  as,
  stack,
  dir,
  kubectl,
  admin,
}) => {
  test.setTimeout(240_000)
  const page = await as('alice')
  const name = uniqueName('main')
  const space = spacePage(page, stack.webUrl, name)

  await test.step('create it and see it become ready without reloading', async () => {
    await newSpacePage(page).create(stack.webUrl, { name, description: 'The whole main job' })
    await space.waitUntilReady()
  })

  const step = (name: string) => page.getByRole('listitem').getByRole('heading', { name })
  await test.step('the first steps are listed', async () => {
    await expect(step('Create the space (done)')).toBeVisible()
    await expect(step('Deploy something')).toBeVisible()
    await expect(step('Invite your team')).toBeVisible()
    expect(await lookBeforeRelease(page, 'space-first-steps', corners)).toEqual([])
    await page.getByRole('region', { name: 'First steps' }).getByRole('link', { name: 'More options' }).click()
    await expect(page.getByRole('combobox', { name: 'Lifetime' })).toBeVisible()
  })

  const file = join(dir, 'kubeconfig.yaml')
  await test.step('download a kubeconfig', async () => {
    const { suggestedName } = await space.downloadKubeconfig(file)
    expect(suggestedName).toMatch(new RegExp(`^spaceport-.*${name}.*\\.yaml$`))
    expect(readFileSync(file, 'utf8')).toContain('spt_')
  })
  const mine = kubectl(file)
  await test.step('completed steps are ticked off', async () => {
    await space.open()
    await expect(step('Download a kubeconfig (done)')).toBeVisible()
    await expect(page.getByRole('main')).toContainText('that hasn’t been used yet')
    await page
      .getByRole('navigation', { name: `Views of ${name}` })
      .getByRole('link', { name: 'Connect' })
      .click()
    await expect(page.getByRole('combobox', { name: 'Lifetime' })).toBeVisible()
  })

  await test.step('plain kubectl works in the namespace', async () => {
    await mine.ok(['apply', '-f', '-'], { input: deployment('web', 2) })
    await mine.ok(['rollout', 'status', 'deployment/web', '--timeout=40s'])
    expect(await mine.ok(['get', 'pods', '-o', 'name'])).toMatch(/^pod\/web-\S+\npod\/web-\S+\n$/)
    const pod = (await mine.ok(['get', 'pods', '-o', 'name'])).split('\n')[0] ?? ''

    expect(await mine.ok(['logs', pod])).not.toBe('')
    const following = mine.start(['logs', '-f', pod])
    await expect.poll(following.output).not.toBe('')
    await following.stop()

    expect(await mine.ok(['exec', pod, '--', 'echo', 'from inside'])).toBe('from inside\n')

    const original = join(dir, 'original.txt')
    const copied = join(dir, 'copied.txt')
    const inside = `${pod.replace('pod/', '')}:/tmp/inside.txt`
    writeFileSync(original, 'carried over\n')
    await mine.ok(['cp', original, inside])
    await mine.ok(['cp', inside, copied])
    expect(readFileSync(copied, 'utf8')).toBe('carried over\n')

    const forwarding = mine.start(['port-forward', pod, ':80'])
    await expect.poll(forwarding.output).toMatch(/Forwarding from 127\.0\.0\.1:\d+/)
    const [, port] = /127\.0\.0\.1:(\d+)/.exec(forwarding.output()) ?? []
    const answer = await fetch(`http://127.0.0.1:${port}/`)
    expect(answer.status).toBe(200)
    await answer.text()
    await forwarding.stop()
  })

  await test.step('what runs shows on the space’s page without reloading', async () => {
    await space.open()
    const workloads = page.getByRole('table', { name: 'Workloads' })
    await expect(workloads.getByRole('row', { name: /web/ })).toContainText('2 of 2')
    let replicas = 2
    // A page that was just opened may miss a change that comes before it listens.
    await expect(async () => {
      replicas++
      await mine.ok(['scale', 'deployment/web', `--replicas=${replicas}`])
      const scaled = `${replicas} of ${replicas}`
      await expect(workloads.getByRole('row', { name: /web/ })).toContainText(scaled, { timeout: 20_000 })
    }).toPass({ timeout: 90_000 })
  })

  await test.step('`kubectl get namespaces` shows exactly the person’s own', async () => {
    expect(await mine.ok(['get', 'namespaces', '-o', 'name'])).toBe(`namespace/${name}\n`)
    expect(await mine.ok(['get', 'namespaces'])).toMatch(new RegExp(`^NAME.*\\n${name}\\s+Active.*\\n$`))
    expect(await mine.ok(['auth', 'can-i', 'create', 'deployments'])).toBe('yes\n')
  })

  await test.step('everything elsewhere is refused', async () => {
    for (const args of [
      ['get', 'pods', '-n', 'kube-system'],
      ['get', 'secrets', '-n', 'spaceport-system'],
      ['get', 'pods', '--all-namespaces'],
      ['get', 'nodes'],
      ['create', 'namespace', `${name}-2`],
      ['delete', 'namespace', name],
      ['get', 'clusterroles'],
      ['create', 'deployment', 'x', '--image=x', '-n', 'default'],
      ['label', 'namespace', name, 'spaceport.dev/space=other', '--overwrite'],
    ]) {
      const { status, stderr } = await mine.run(args)
      expect(status, args.join(' ')).not.toBe(0)
      expect(stderr, args.join(' ')).toMatch(/Forbidden|forbidden/)
    }
    const canI = await mine.run(['auth', 'can-i', 'get', 'pods', '-n', 'kube-system'])
    expect(canI.stdout).not.toContain('yes')
  })

  await test.step('delete it: the page lists what is lost and follows until it is gone', async () => {
    await space.open('settings')
    await page.getByRole('button', { name: 'Delete space' }).click()
    await expect(page.getByRole('dialog')).toContainText('1 workload')
    await expect(page.getByRole('button', { name: 'Delete', exact: true })).toBeDisabled()
    await space.remove()
    await expect(space.gone).toBeVisible({ timeout: 60_000 })
  })

  await test.step('the namespace is gone, and kubectl is refused with a next step', async () => {
    expect((await admin.run(['get', 'namespace', name])).stderr).toContain('NotFound')
    const { status, stderr } = await mine.run(['get', 'pods'])
    expect(status).not.toBe(0)
    expect(stderr).toContain(`${stack.webUrl}/credentials`)
  })
})

test('a name is checked while it is typed: protected, taken, malformed', async ({ as, stack }) => {
  const page = await as('alice')
  const form = newSpacePage(page)
  await form.open(stack.webUrl)
  for (const [name, sentence] of [
    ['kube-system', /reserved/],
    ['No_Good', /lowercase letters/],
    ['spaceport-users', /reserved/],
  ] as const) {
    await form.name.fill(name)
    await expect(page.getByText(sentence).first()).toBeVisible()
  }
})

test('text typed for a new space before the page’s scripts run is kept', async ({ as, stack }) => {
  const page = await as('alice')
  const early = await typeEarly(page, 'name', 'typed-early')
  await page.addInitScript(() =>
    document.addEventListener('DOMContentLoaded', () => {
      const medium = document.querySelector<HTMLInputElement>('input[name=size][value=M]')
      if (medium) medium.checked = true
    }),
  )
  await page.goto(`${stack.webUrl}/spaces/new`)
  expect(await early()).toBe(true)
  await expect(page.getByText('This name is free.')).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('typed-early')
  await expect(page.locator('input[name=size][value=M]')).toBeChecked()
  await expect(page.getByRole('region', { name: 'What you get' })).toContainText('Up to 50')
})
