import { renameSync, writeFileSync } from 'node:fs'
import type { PersonEntry } from '#dev/idp/people.ts'

/**
 * People besides the demo ones, so that parallel specs share neither limits nor sessions. Each belongs to one spec;
 * carol (admin), dave (auditor) and erin (without access) serve all.
 */
export const people: readonly PersonEntry[] = [
  // people.spec
  { username: 'anna', groups: ['team-green'] },
  { username: 'ben', groups: ['team-green'] },
  { username: 'gwen', groups: ['team-gold'] },
  { username: 'nils' },
  { username: 'tess' },
  { username: 'thea' },
  // first-run.spec
  { username: 'frida' },
  { username: 'frauke' },
  // workloads.spec
  { username: 'wendy' },
  // without-scripts.spec
  { username: 'njord' },
  { username: 'nanna' },
  // words.spec
  { username: 'wilma' },
  // table-rows.spec
  { username: 'ronja' },
  // health.spec
  { username: 'hedda' },
  { username: 'hedwig' },
  // workload.spec
  { username: 'wren' },
  { username: 'walt' },
  // roll-back.spec
  { username: 'ragna' },
  { username: 'torvald' },
  // cron-job.spec
  { username: 'cora' },
  { username: 'cyril' },
  // edit-yaml.spec
  { username: 'edwin' },
  { username: 'ellen' },
  // configuration.spec
  { username: 'sigrid' },
  { username: 'sverre' },
  // requests.spec
  { username: 'quinn' },
  { username: 'ruth' },
  // inbox.spec
  { username: 'ivan' },
  { username: 'iris' },
  // notifications.spec
  { username: 'tilda' },
  { username: 'timo' },
  // traces.release.spec
  { username: 'trace' },
  // credentials.spec
  { username: 'cleo' },
  // keyboard.spec
  { username: 'kira' },
  { username: 'kofi' },
  // audit.spec
  { username: 'olga' },
  { username: 'vera', groups: ['auditors'] },
  // large-trail.release.spec
  { username: 'vito', groups: ['auditors'] },
  // surroundings.spec
  { username: 'agda' },
  // exports.spec
  { username: 'nora', groups: ['auditors'] },
  // sign-in.spec
  { username: 'dina' },
  { username: 'gus', groups: ['team-red'] },
  { username: 'ines' },
  // security-http.spec
  { username: 'sam' },
  { username: 'sue' },
  // accessibility.spec, accessible-states.release.spec
  { username: 'axel' },
  { username: 'alma' },
  { username: 'ada' },
  { username: 'abel' },
  { username: 'agnes' },
  { username: 'arno' },
  { username: 'amir' },
  { username: 'asta' },
  { username: 'ayla' },
  // forwarded-actions.release.spec
  { username: 'finn' },
  // manage-people.spec
  { username: 'leila' },
  { username: 'lilja' },
  { username: 'liam' },
  // access-report.spec
  { username: 'edda' },
  { username: 'omar' },
  // offboarding.spec
  { username: 'otto', groups: ['team-green'] },
  { username: 'hedy' },
  // reviews.spec
  { username: 'rhea' },
  { username: 'rolf' },
  { username: 'rosa' },
  { username: 'remy' },
  // list.spec
  { username: 'lena' },
  // list-refresh.release.spec
  { username: 'leo' },
  // bulk.spec
  { username: 'bea', groups: ['team-bulk'] },
  { username: 'bela' },
  // requests.spec
  { username: 'wanda' },
  // policy.spec
  { username: 'pia' },
  { username: 'paul' },
  { username: 'petra', groups: ['wardens'] },
  // admin-role.release.spec
  { username: 'greta', groups: ['platform-admins'] },
  // webhook.spec
  { username: 'hugo' },
  // scim.spec
  { username: 'sina' },
  { username: 'sven' },
  { username: 'sonja', groups: ['platform-admins'] },
  // outcomes.spec
  { username: 'opal' },
  { username: 'otmar' },
  // logs-and-shell.spec
  { username: 'lotte' },
  { username: 'lew' },
  // theme.spec
  { username: 'theo' },
  // fonts.release.spec
  { username: 'lukasz', name: 'Łukasz Żółć' },
  // Sign in once each, so that their profiles list one session: the tests measure layout shifts over the whole page.
  { username: 'lucja-360', name: 'Łucja Żółć' },
  { username: 'lucja-1440', name: 'Łucja Żółć' },
  // search.spec
  { username: 'pavel' },
  { username: 'polly' },
  // faults.release.spec
  { username: 'fay' },
  // usage.release.spec
  { username: 'ulla' },
  { username: 'ulf' },
  // quota.spec
  { username: 'quirin' },
  { username: 'quentin' },
  // expirations.spec
  { username: 'enno' },
  { username: 'elsa' },
  // clusters.spec
  { username: 'clea' },
  // overview.spec
  { username: 'oona' },
  { username: 'orla' },
  // declared-spaces.spec
  { username: 'gita' },
  // documented-space.release.spec
  { username: 'nadia', groups: ['team-blue'] },
  // navigation.spec
  { username: 'nadja' },
  // several-providers.release.spec
  { username: 'selma' },
]

/** Adds them to the identity provider's file, which may be read at the same time. `changes` take precedence. */
export function seedPeople(peopleFile: string, changes: readonly PersonEntry[] = []): void {
  const changed = new Set(changes.map(({ username }) => username))
  const all = [...people.filter(({ username }) => !changed.has(username)), ...changes]
  writeFileSync(`${peopleFile}.new`, JSON.stringify(all))
  renameSync(`${peopleFile}.new`, peopleFile)
}
