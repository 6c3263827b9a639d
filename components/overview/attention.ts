import { clusterPath } from '#components/clusters/cluster-path.ts'
import { peoplePath, personPath } from '#components/people/people-list-data.ts'
import { spaceListPath } from '#components/spaces/list/space-search.ts'
import type { ClusterOverview, Overview, OwnSpaces, TrailOverview } from '#lib/features/overview/model/overview.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { chainPath, openRequestsPath } from './list-path.ts'

/** A problem that needs attention: a sentence, and a link to details. */
export type Attention = { tone: 'bad' | 'warn'; sentence: string; href: string }

type ForAdmins = NonNullable<Overview['forAdmins']>

/**
 * @param inbox how many items of the reader’s inbox are waiting or unread, at most 100
 * @returns what needs attention, worst first; empty if all is well
 */
export function attentionOf({ trail, people, own, forAdmins }: Overview, inbox: number): Attention[] {
  const all = [
    ...(forAdmins ? ofAdmins(forAdmins) : []),
    ...ofReader(own, inbox),
    ...ofTrail(trail),
    ...(people.unproven > 0
      ? [
          warn(
            `The offboarding of ${people.unproven === 1 ? '1 person' : `${people.unproven} people`} isn’t complete yet.`,
            peoplePath({ state: 'unproven' }),
          ),
        ]
      : []),
  ]
  return [...all.filter(({ tone }) => tone === 'bad'), ...all.filter(({ tone }) => tone === 'warn')]
}

const bad = (sentence: string, href: string): Attention => ({ tone: 'bad', sentence, href })
const warn = (sentence: string, href: string): Attention => ({ tone: 'warn', sentence, href })

function ofAdmins({ breakGlassUse, clusters, spaces, requests }: ForAdmins): Attention[] {
  const { failed = 0 } = spaces.byStatus
  const { waitingForADay: late } = requests
  return [
    ...(breakGlassUse
      ? [
          bad(
            'The break-glass account was used, and no admin has acknowledged it yet.',
            personPath(breakGlassUse.handle),
          ),
        ]
      : []),
    ...clusters.flatMap(ofCluster),
    ...(failed > 0 ? [bad(`${inNumber(failed, 'space')} failed.`, spaceListPath({ status: 'failed' }))] : []),
    ...(late > 0
      ? [
          warn(
            `${inNumber(late, 'request')} ${late === 1 ? 'has' : 'have'} waited for more than a day.`,
            openRequestsPath({ age: 'day' }),
          ),
        ]
      : []),
  ]
}

function ofReader({ attention, endingSoon: ending }: OwnSpaces, inbox: number): Attention[] {
  return [
    ...(attention > 0
      ? [
          bad(
            attention === 1 ? 'One of your spaces has a problem.' : `${attention} of your spaces have problems.`,
            spaceListPath({ health: 'attention' }),
          ),
        ]
      : []),
    ...(inbox > 0
      ? [
          warn(
            `${inbox > 99 ? '99+' : inbox} ${inbox === 1 ? 'item in your inbox is' : 'items in your inbox are'} waiting or unread.`,
            '/inbox',
          ),
        ]
      : []),
    ...(ending > 0
      ? [
          warn(
            ending === 1 ? 'One of your spaces ends soon.' : `${ending} of your spaces end soon.`,
            spaceListPath({ owner: 'me', ends: 'soon' }),
          ),
        ]
      : []),
  ]
}

/** The clusters page lists each problem and how to fix it. */
function ofCluster({ name, fences, faults, rights }: ClusterOverview): Attention[] {
  const found: Attention[] = []
  if (fences === 'faulty')
    found.push(
      bad(`Admission policies of cluster ${name} aren’t in force: ${inNumber(faults, 'fault')}.`, clusterPath(name)),
    )
  if (fences === 'late')
    found.push(
      bad(`Cluster ${name} hasn’t reported recently. Check that it and the worker are running.`, clusterPath(name)),
    )
  if (fences === 'unproved')
    found.push(warn(`Admission policies of cluster ${name} haven’t been verified yet.`, clusterPath(name)))
  if (rights > 0)
    found.push(warn(`Cluster ${name} has ${inNumber(rights, 'right')} that Spaceport didn’t grant.`, clusterPath(name)))
  return found
}

function ofTrail({ verdict, findings, isLate }: TrailOverview): Attention[] {
  const found: Attention[] = []
  if (verdict === 'broken')
    found.push(bad(`The audit trail’s hash chain is broken: ${inNumber(findings, 'finding')}.`, chainPath))
  if (isLate) found.push(bad('New audit events aren’t being sealed. Check that the worker is running.', chainPath))
  if (verdict === 'unverified') found.push(warn('The audit trail’s hash chain hasn’t been verified yet.', chainPath))
  return found
}
