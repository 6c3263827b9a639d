import { AppError, isAppError } from '#lib/kernel/model/errors.ts'
import { labels, personAnnotations, usersNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { Member } from '#lib/kernel/model/spaces/membership.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { applyObject } from '#lib/kube/objects/apply-object.ts'

type PersonAccount = Pick<Member, 'handle' | 'email' | 'name'> & Partial<Pick<Member, 'userId' | 'account'>>

/** Applies a person's ServiceAccount, which all their bindings refer to. */
export async function applyPerson(cluster: Cluster, person: PersonAccount): Promise<void> {
  try {
    await applyObject(cluster, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {
        name: person.handle,
        namespace: usersNamespace,
        labels: { [labels.managedBy]: 'spaceport' },
        annotations: describePerson(person),
      },
      // No pod runs there; if one did, it must not act as the person.
      automountServiceAccountToken: false,
    })
  } catch (error) {
    // That namespace is installed with the admission policies; without it, Spaceport is not installed on the cluster.
    if (isAppError(error, 'namespace_gone')) throw new AppError('fences_missing', { cause: error })
    throw error
  }
}

/** Annotations that identify the person. */
export const describePerson = ({ userId, email, name, account }: PersonAccount): Record<string, string> => ({
  [personAnnotations.email]: email,
  [personAnnotations.displayName]: name,
  ...(account &&
    userId !== undefined && {
      [personAnnotations.id]: userId,
      [personAnnotations.issuer]: account.issuer,
      [personAnnotations.subject]: account.subject,
      ...(account.subjectClaim !== undefined &&
        account.subjectClaim !== 'sub' && { [personAnnotations.subjectClaim]: account.subjectClaim }),
    }),
})
