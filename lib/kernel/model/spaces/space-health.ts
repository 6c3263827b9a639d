import { z } from 'zod'
import type { Standing } from '#lib/kernel/model/access/role.ts'
import { type Problem, type ProblemKind, problemKinds, worstOf } from './pod-problem.ts'
import { type PlacedWorkload, workloadKinds } from './space-inside.ts'
import type { SpaceStatus } from './space-status.ts'

/** What is wrong inside a space, worst first. */
export const healthStates = ['failing', 'quota', 'starting'] as const
export type HealthState = (typeof healthStates)[number]

const stateByKind: Readonly<Record<ProblemKind, HealthState>> = {
  quota: 'quota',
  refused: 'failing',
  image: 'failing',
  configuration: 'failing',
  crashing: 'failing',
  'out-of-memory': 'failing',
  failed: 'failing',
  evicted: 'failing',
  'missed-deadline': 'failing',
  'stuck-terminating': 'failing',
  unschedulable: 'starting',
  volume: 'starting',
  probe: 'starting',
  'not-ready': 'starting',
}

/** `attention`: any of them, or the space itself failed. */
export const healthFilters = ['attention', ...healthStates] as const
export type HealthFilter = (typeof healthFilters)[number]

export const healthStateOf = ({ kind }: Pick<Problem, 'kind'>): HealthState => stateByKind[kind]

/** The worst problem, and the workload that has it. */
export const healthProblem = z.object({
  kind: z.enum(problemKinds),
  workload: z.object({ kind: z.enum(workloadKinds), name: z.string() }),
  restarts: z.number(),
})
export type HealthProblem = z.infer<typeof healthProblem>

/** `workloads`: how many are in this state. */
export type SpaceHealth = { state: HealthState; workloads: number; problem: HealthProblem }

/** What the database has; `unknown`: a space with a possible problem could not be read. */
export type StoredHealth = SpaceHealth | { state: 'unknown'; workloads: 0; problem: null }

const known = z.object({ state: z.enum(healthStates), workloads: z.number(), problem: healthProblem })
const unknown = z.object({ state: z.literal('unknown') })

/**
 * What a member’s page shows. `outdated`: it hasn’t been read for a minute or more. Null: no problem is known, or it
 * isn’t for the viewer.
 */
export type ShownHealth = SpaceHealth | 'outdated' | null

type Row = { standing: Standing | null; status: SpaceStatus; health: unknown; healthOutdated: boolean }

/**
 * @param row of the database, with the viewer’s role in the space
 * @returns nothing for people without a role; an invalid value counts as none
 */
export function shownHealthOf({ standing, status, health, healthOutdated }: Row): ShownHealth {
  if (standing === null) return null
  if (status === 'ready' && (healthOutdated || unknown.safeParse(health).success)) return 'outdated'
  return known.safeParse(health).data ?? null
}

/** @returns null if no workload has a problem */
export function healthOf(workloads: readonly PlacedWorkload[]): SpaceHealth | null {
  for (const state of healthStates) {
    const found = workloads.flatMap(({ kind, name, problem }) =>
      problem && healthStateOf(problem) === state ? [{ workload: { kind, name }, problem }] : [],
    )
    const worst = worstOf(found.map(({ problem }) => problem))
    const of = found.find(({ problem }) => problem === worst)
    if (worst && of)
      return {
        state,
        workloads: found.length,
        problem: { kind: worst.kind, workload: of.workload, restarts: worst.restarts },
      }
  }
  return null
}
