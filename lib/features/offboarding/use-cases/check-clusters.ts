import type { clusterQuestions } from '#lib/features/offboarding/model/offboarding-questions.ts'
import type { StillAllowed } from '#lib/kernel/model/people/offboarding.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { mayPerson } from '#lib/kube/people/may-person.ts'

/** A space, or null for the whole cluster, with the questions to ask. */
export type Place = { space: StillAllowed['space']; questions: typeof clusterQuestions }

/** Concurrent reviews on a cluster, which has other requests to serve. */
const atOnce = 8

/**
 * Asks the API server what a person can do in some places.
 * @returns the places with an allowed action, in the order given
 * @throws AppError cluster_* if a question isn't answered
 */
export async function findAllowed(cluster: Cluster, handle: string, places: readonly Place[]): Promise<StillAllowed[]> {
  const allowed = new Map<Place, string[]>()
  const open = places.values()
  /** If one question fails, the others still finish. */
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
