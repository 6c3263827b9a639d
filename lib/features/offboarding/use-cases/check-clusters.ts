import type { clusterQuestions } from '#lib/features/offboarding/model/offboarding-questions.ts'
import type { StillAllowed } from '#lib/kernel/model/people/offboarding.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { mayPerson } from '#lib/kube/people/may-person.ts'

/** A space, or (null) the cluster as a whole, and what is asked about it. */
export type Place = { space: StillAllowed['space']; questions: typeof clusterQuestions }

/** Reviews that a cluster is asked at once: it has others to serve. */
const atOnce = 8

/**
 * Asks the API server what a person may do in some places.
 * @returns those where the answer was yes to something, in the order of the places
 * @throws AppError cluster_* when one of the questions isn't answered
 */
export async function askWhere(cluster: Cluster, handle: string, places: readonly Place[]): Promise<StillAllowed[]> {
  const allowed = new Map<Place, string[]>()
  const open = places.values()
  /** Whoever fails lets the others end, too. */
  let failed = false
  async function ask(): Promise<void> {
    for (const place of open) {
      if (failed) return
      const namespace = place.space?.namespace ?? ''
      for (const { name, ...question } of place.questions)
        if (await mayPerson(cluster, handle, { namespace, ...question }))
          allowed.set(place, [...(allowed.get(place) ?? []), name])
    }
  }
  const results = await Promise.allSettled(
    Array.from({ length: atOnce }, () =>
      ask().catch((error: unknown) => {
        failed = true
        throw error
      }),
    ),
  )
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
  return places.flatMap((place) => {
    const questions = allowed.get(place)
    return questions ? [{ space: place.space, questions }] : []
  })
}
