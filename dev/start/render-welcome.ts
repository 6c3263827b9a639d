import { dirname } from 'node:path'
import type { Stack } from '#dev/stack/stack-options.ts'
import type { DemoLogin } from './keep-demo-people.ts'

type Facts = Pick<Stack, 'webUrl' | 'gatewayUrl' | 'idpUrl' | 'mailUrl' | 'apiserverUrl' | 'binaries'> & {
  seconds: string
  logs: string
  /** The demo people that may sign in. */
  demo: readonly DemoLogin[]
  kubeconfig: string | undefined
}

const about: Readonly<Record<string, string>> = {
  alice: 'group team-blue',
  bob: 'group team-blue',
  carol: 'group platform-admins: decides, sees all spaces',
  dave: 'group auditors: reads the trail',
  erin: 'no group',
}

/** What to do once everything runs. */
export function renderWelcome(facts: Facts): string {
  const people = [
    '  Sign in as, with the password',
    ...facts.demo.map(({ username, password }) =>
      `    ${username.padEnd(8)} ${password.padEnd(18)} ${about[username] ?? ''}`.trimEnd(),
    ),
    '',
  ]
  const kubectl = facts.binaries?.kubectl
  return [
    '',
    `Spaceport is ready after ${facts.seconds} s.`,
    '',
    `  Portal             ${facts.webUrl}`,
    `  Gateway            ${facts.gatewayUrl}`,
    `  Identity provider  ${facts.idpUrl}`,
    `  Mail               ${facts.mailUrl ?? 'none'}`,
    `  Kubernetes API     ${facts.apiserverUrl ?? `see ${facts.kubeconfig ?? 'the given kubeconfig'}`}`,
    `  Logs               ${facts.logs}`,
    '',
    ...(facts.demo.length > 0 ? people : []),
    ...(kubectl === undefined
      ? []
      : ['  kubectl, if you have none', `    export PATH="$PATH:${dirname(kubectl)}"`, '']),
    `  Next: open ${facts.webUrl}, sign in${facts.demo.length > 0 ? ' as alice' : ''}, create a space and download its kubeconfig.`,
    '  Ctrl-C stops everything; your data stays for the next start.',
    '',
  ].join('\n')
}
