import { groupLabel } from '#lib/kernel/model/people/group-label.ts'
import type { Deciders } from './approval-rules.ts'

/**
 * @param issuer the provider to leave out of group names; undefined: show none
 * @returns the deciders: "space owners and platform admins"
 */
export function decidersInWords(deciders: Deciders, issuer?: string): string {
  switch (deciders.who) {
    case 'owner':
      return 'space owners and platform admins'
    case 'admins':
      return 'platform admins'
    case 'group':
      return `the group ${groupLabel(deciders.group, issuer === undefined || deciders.issuer === issuer ? null : deciders.issuer)}`
  }
}
