import { clusterPath } from '#components/clusters/cluster-path.ts'
import { peoplePath, personPath } from '#components/people/people-list-data.ts'
import { spaceListPath } from '#components/spaces/list/space-search.ts'
import type { ClusterOverview, Overview, TrailOverview } from '#lib/features/overview/model/overview.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { chainPath, openRequestsPath } from './list-path.ts'

/** Something that needs somebody now: a sentence, and where it can be looked into. */
export type Attention = { tone: 'bad' | 'warn'; says: string; href: string }

type ForAdmins = NonNullable<Overview['forAdmins']>

/** @returns what needs somebody now, the worst first; nothing if all is well */
export function attentionOf({ trail, people, forAdmins }: Overview): Attention[] {
  const all = [
    ...(forAdmins ? ofAdmins(forAdmins) : []),
    ...ofTrail(trail),
    ...(people.unproven > 0
      ? [
          warn(
            `The offboarding of ${people.unproven === 1 ? '1 person' : `${people.unproven} people`} isn’t proved yet.`,
            peoplePath({ state: 'unproven' }),
          ),
        ]
      : []),
  ]
  return [...all.filter(({ tone }) => tone === 'bad'), ...all.filter(({ tone }) => tone === 'warn')]
}

const bad = (says: string, href: string): Attention => ({ tone: 'bad', says, href })
const warn = (says: string, href: string): Attention => ({ tone: 'warn', says, href })

function ofAdmins({ breakGlassUse, clusters, spaces, requests }: ForAdmins): Attention[] {
  const { failed = 0 } = spaces.byStatus
  const { waitingForADay: late } = requests
  return [
    ...(breakGlassUse
      ? [
          bad(
            'Somebody used the break-glass account, and no admin has acknowledged it.',
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

/** The page of clusters says what is wrong, one by one, and what to do. */
function ofCluster({ name, fences, faults, rights }: ClusterOverview): Attention[] {
  const found: Attention[] = []
  if (fences === 'faulty')
    found.push(
      bad(`Admission policies of cluster ${name} aren’t in force: ${inNumber(faults, 'fault')}.`, clusterPath(name)),
    )
  if (fences === 'late')
    found.push(bad(`Nothing has been heard of cluster ${name} lately. Is it up, and the worker?`, clusterPath(name)))
  if (fences === 'unproved')
    found.push(warn(`Admission policies of cluster ${name} haven’t been proved yet.`, clusterPath(name)))
  if (rights > 0)
    found.push(warn(`Cluster ${name} has ${inNumber(rights, 'right')} that Spaceport didn’t give.`, clusterPath(name)))
  return found
}

function ofTrail({ verdict, findings, isLate }: TrailOverview): Attention[] {
  const found: Attention[] = []
  if (verdict === 'broken')
    found.push(bad(`The audit trail’s chain doesn’t hold: ${inNumber(findings, 'finding')}.`, chainPath))
  if (isLate) found.push(bad('New events of the audit trail aren’t being sealed. Is the worker running?', chainPath))
  if (verdict === 'unverified') found.push(warn('The audit trail’s chain hasn’t been verified yet.', chainPath))
  return found
}
