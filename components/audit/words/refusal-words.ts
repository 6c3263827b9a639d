import { quotaInSentence } from '#components/spaces/quota-words.ts'
import type { ClusterRefusal, ClusterRefusalKind } from '#lib/features/audit/model/cluster-refusal.ts'

const list = new Intl.ListFormat('en')
const containerWords: Readonly<Record<string, string>> = { cpu: 'CPU', 'ephemeral-storage': 'node disk' }

const sentences: Readonly<Record<ClusterRefusalKind, (of: readonly string[]) => string>> = {
  quota: (of) => (of.length === 0 ? 'Quota used up.' : `Quota used up: ${list.format(of.map(quotaInSentence))}.`),
  'container-limit': (of) =>
    `More ${of.length === 0 ? '' : `${list.format(of.map((resource) => containerWords[resource] ?? resource))} `}than one container may have.`,
  rights: () => 'Their permissions in the cluster don’t allow it.',
  policy: (of) => `Refused by the admission policy ${list.format(of)}.`,
  webhook: (of) => `Refused by the admission webhook ${list.format(of)}.`,
  'pod-security': (of) => `Violates the Pod Security Standard ${list.format(of)}.`,
  ending: () => 'The namespace is being deleted.',
  invalid: () => 'The object isn’t valid.',
  conflict: () => 'It was changed in the meantime.',
  exists: () => 'It already exists.',
  absent: () => 'It doesn’t exist.',
}

/** @returns why a cluster refused a change, as a sentence */
export const refusalInWords = ({ kind, of = [] }: ClusterRefusal): string => sentences[kind](of)
