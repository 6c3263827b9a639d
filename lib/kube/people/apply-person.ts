import { AppError, isAppError } from '#lib/kernel/model/errors.ts'
import { labels, personAnnotations, usersNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { Member } from '#lib/kernel/model/spaces/membership.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { applyObject } from '#lib/kube/objects/apply-object.ts'

type Applied = Pick<Member, 'handle' | 'email' | 'name'> & Partial<Pick<Member, 'userId' | 'account'>>

/** Makes a person known to a cluster: applies the ServiceAccount that all our bindings refer to. */
export async function applyPerson(cluster: Cluster, person: Applied): Promise<void> {
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
      // No pod ever runs there; if one did, it must not act as the person.
      automountServiceAccountToken: false,
    })
  } catch (error) {
    // That namespace is installed with the fences; without it, nothing of Spaceport is on the cluster.
    if (isAppError(error, 'namespace_gone')) throw new AppError('fences_missing', { cause: error })
    throw error
  }
}

/** @returns the annotations of a person's ServiceAccount: whom it stands for */
export const describePerson = ({ userId, email, name, account }: Applied): Record<string, string> => ({
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
