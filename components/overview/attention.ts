import { clusterPath } from '#components/clusters/cluster-path.ts'
import { peoplePath, personPath } from '#components/people/people-list-data.ts'
import { spaceListPath } from '#components/spaces/list/space-search.ts'
import type { ClusterOverview, Overview, TrailOverview } from '#lib/features/overview/model/overview.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { chainPath, openRequestsPath } from './list-path.ts'

/** A problem that needs attention: a sentence, and a link to details. */
export type Attention = { tone: 'bad' | 'warn'; sentence: string; href: string }

type ForAdmins = NonNullable<Overview['forAdmins']>

/** @returns what needs attention, worst first; empty if all is well */
export function attentionOf({ trail, people, forAdmins }: Overview): Attention[] {
  const all = [
    ...(forAdmins ? ofAdmins(forAdmins) : []),
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
