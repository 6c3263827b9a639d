import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from '#dev/project-root.ts'
import { expect, test } from '#e2e/fixtures/test.ts'
import { patience } from '#e2e/models/patience.ts'

const run = promisify(execFile)
const text = readFileSync(join(projectRoot, 'docs/spaces-as-objects.md'), 'utf8')
const find = (pattern: RegExp): string => {
  const found = pattern.exec(text)?.[1]
  if (found === undefined) throw new Error(`docs/spaces-as-objects.md has nothing like ${pattern}`)
  return found
}

test('the example of docs/spaces-as-objects.md works under npm start, with its own commands', async ({
  as,
  stack,
  dir,
  control,
  admin,
  kubectlFor,
}) => {
  test.setTimeout(300_000)
  const example = find(/```yaml\n# team-a\/web-shop\.yaml\n([\s\S]*?)```/)
  const [start = '', chosen = '', ...commands] = find(/### On your machine\n[\s\S]*?```sh\n([\s\S]*?)\n```/).split('\n')
  const asAlice = find(/With the kubeconfig that she downloads there: `kubectl ([^`]*)`/)

  const alice = await as('nadia')
  await alice.goto(`${stack.webUrl}/profile`)
  const handle = await alice.getByText(/^nadia-[0-9a-z]+$/).textContent(patience)
  await alice.goto('about:blank')

  const settings = { SPACEPORT_GIT_IDENTITIES: /^SPACEPORT_GIT_IDENTITIES=(\S+) npm start$/.exec(start)?.[1] ?? '' }
  expect(settings.SPACEPORT_GIT_IDENTITIES).toBe('default/team-a=alice-1a2b3c')
  settings.SPACEPORT_GIT_IDENTITIES = settings.SPACEPORT_GIT_IDENTITIES.replace('alice-1a2b3c', handle ?? '')
  const services = ['web', 'gateway', 'worker'] as const
  try {
    await Promise.all(services.map((service) => control('restart', service, settings)))

    // `npm start` prints the path of the kubectl that it built.
    mkdirSync(join(dir, 'bin'))
    symlinkSync(stack.kubectl, join(dir, 'bin', 'kubectl'))
    writeFileSync(join(dir, 'web-shop.yaml'), example)
    expect(chosen).toMatch(/^export KUBECONFIG=\.spaceport\/cluster\/admin\.kubeconfig\b/)
    expect(stack.adminKubeconfig).toMatch(/\/cluster\/admin\.kubeconfig$/)
    await run('sh', ['-ec', commands.join('\n')], {
      cwd: dir,
      env: {
        ...process.env,
        KUBECONFIG: stack.adminKubeconfig,
        PATH: `${join(dir, 'bin')}:${process.env.PATH}`,
        HOME: dir,
      },
    })

    await alice.goto(`${stack.webUrl}/spaces/web-shop`)
    await expect(alice.getByRole('heading', { name: 'web-shop' })).toBeVisible(patience)
    const own = await kubectlFor(alice, 'web-shop')
    const [head = '', row = ''] = (await own.ok(asAlice.split(' '))).split('\n')
    expect(head).toMatch(/^NAME +READY +SYNCED/)
    expect(row).toMatch(/^web-shop +True +True/)

    const ends = JSON.stringify({ spec: { deletionPolicy: 'Delete' } })
    await admin.ok(['patch', 'space', 'web-shop', '--namespace', 'team-a', '--type=merge', '--patch', ends])
    await admin.ok(['delete', 'space', 'web-shop', '--namespace', 'team-a', '--timeout=55s'])
  } finally {
    await admin.run(['delete', 'namespace', 'team-a', '--ignore-not-found', '--timeout=55s'])
    await alice.goto('about:blank')
    await Promise.all(services.map((service) => control('restart', service)))
  }
})
