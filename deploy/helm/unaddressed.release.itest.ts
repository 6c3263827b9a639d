import { readFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { charts, values } from './helm.ts'
import { openInstallation } from './installation.ts'

/**
 * If nothing assigns an address to a Service of type LoadBalancer, Helm 3 with `--wait` would wait until its timeout.
 */

/** @returns the kubectl command of docs/install.md, 6, that waits for the processes */
function documentedWait(): string[] {
  const [, command = ''] =
    /^kubectl (--namespace \S+ rollout status .*)$/m.exec(readFileSync('docs/install.md', 'utf8')) ?? []
  return command.split(' ')
}

test.each([3, 4] as const)(
  'with Helm %i, the commands of docs/install.md succeed without a load balancer',
  async (major) => {
    const installed = await openInstallation(major)
    onTestFinished(() => installed.close())
    const { helm, kubectl } = installed
    const page = readFileSync('docs/install.md', 'utf8')
    expect(page).not.toMatch(/--values values\.yaml .*--wait/)
    const args = ['spaceport', charts.spaceport, '--namespace', 'spaceport-system', '--values', values.least]
    const balanced = ['--set', 'gateway.service.type=LoadBalancer', '--timeout', '150s']
    await kubectl.ok(['create', 'namespace', 'spaceport-system'])
    const said = await helm.ok('install', ...args, '--take-ownership', ...balanced)
    expect(said).toContain('get services spaceport-gateway')
    await kubectl.ok(documentedWait())
    await helm.ok('upgrade', ...args, ...balanced, '--set', 'config.SPACEPORT_WITHOUT_FENCES=closed')
    await kubectl.ok(documentedWait())
    const address = [
      'get',
      'service',
      'spaceport-gateway',
      '-n',
      'spaceport-system',
      '-o',
      'jsonpath={.status.loadBalancer.ingress}',
    ]
    expect(await kubectl.ok(address)).toBe('')
  },
  600_000,
)
