import { dirname } from 'node:path'
import type { Stack } from '../stack/stack-options.ts'

type Facts = Pick<Stack, 'webUrl' | 'gatewayUrl' | 'idpUrl' | 'apiserverUrl' | 'binaries'> & {
  seconds: string
  logs: string
  /** Whether the demo people may sign in. */
  demo: boolean
  kubeconfig: string | undefined
}

/** What to do now that everything runs. */
export function renderWelcome(facts: Facts): string {
  const people = [
    '  Sign in as (the password is the name)',
    '    alice, bob     group team-blue',
    '    carol          group platform-admins: decides, sees all spaces',
    '    dave           group auditors: reads the trail',
    '    erin           no group',
    '',
  ]
  const kubectl = facts.binaries?.kubectl
  return [
    '',
    `Spaceport is ready after ${facts.seconds} s.`,
    '',
    `  Portal             ${facts.webUrl}`,
    `  kubectl's door     ${facts.gatewayUrl}`,
    `  Identity provider  ${facts.idpUrl}`,
    `  Kubernetes API     ${facts.apiserverUrl ?? `as ${facts.kubeconfig ?? 'given'} says`}`,
    `  Logs               ${facts.logs}`,
    '',
    ...(facts.demo ? people : []),
    ...(kubectl === undefined
      ? []
      : ['  kubectl, if you have none', `    export PATH="$PATH:${dirname(kubectl)}"`, '']),
    `  Next: open ${facts.webUrl}, sign in${facts.demo ? ' as alice' : ''}, create a space and download its kubeconfig.`,
    '  Ctrl-C stops everything; what you made stays for the next start.',
    '',
  ].join('\n')
}
