import { canonicalJson } from '#lib/kernel/model/canonical-json.ts'
import type { EndedCounts, OffboardedWith } from '#lib/kernel/model/people/offboarding.ts'
import { clusterQuestions, spaceQuestions } from './offboarding-questions.ts'

type CertificateInput = {
  id: string
  person: { handle: string; name: string; issuer: string; subject: string }
  with: readonly OffboardedWith[]
  by: { handle: string; name: string }
  reason: string
  at: Date
  ended: EndedCounts
  clusters: { name: string; spaces: number; reviews: number; from: string; until: string }[]
}

/**
 * @returns the certificate of a complete offboarding, as canonical JSON. Its SHA-256 is that of the file
 *   (docs/guide-admins.md)
 */
export const renderCertificate = (answered: CertificateInput, completedAt: Date): string =>
  canonicalJson({
    kind: 'spaceport.dev/offboarding-certificate',
    version: 1,
    id: answered.id,
    complete: true,
    person: answered.person,
    // Each of these accounts has its own certificate.
    ...(answered.with.length > 0 && { offboardedWith: answered.with }),
    by: answered.by,
    reason: answered.reason,
    offboardedAt: answered.at.toISOString(),
    completedAt: completedAt.toISOString(),
    ended: answered.ended,
    asked: { perSpace: spaceQuestions, perCluster: clusterQuestions },
    clusters: answered.clusters.map(({ name, spaces, reviews, from, until }) => ({
      name,
      spaces,
      reviews,
      from: new Date(from).toISOString(),
      until: new Date(until).toISOString(),
      allowed: 0,
      serviceAccount: 'absent',
    })),
  })
