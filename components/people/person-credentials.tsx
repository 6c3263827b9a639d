import { ActDialog } from '#components/ui/act-dialog.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import type { CredentialListed, Some } from '#lib/kernel/model/people/person-view.ts'
import { BoundedSection } from './bounded-section.tsx'
import { type CredentialShown, credentialColumns } from './credential-columns.tsx'

type Props = {
  of: { handle: string }
  credentials: Some<CredentialListed>
  defaultCluster: string
  /** Null for viewers who may not revoke. */
  revoke: FormAction | null
}

const revocation = (revoke: FormAction): Column<CredentialShown> => ({
  key: 'revoke',
  header: 'Revoke',
  headerHidden: true,
  align: 'right',
  cell: ({ id, space }) => (
    <ActDialog
      label="Revoke"
      accessibleLabel={`Revoke the kubeconfig for ${space?.name ?? 'all their spaces'}`}
      title="Revoke this kubeconfig?"
      action={revoke}
      given={{ ids: id }}
      reason="Recorded in the audit trail."
      size="sm"
    >
      <p>It stops working immediately, including all copies, and open logs, shells and port-forwards are cut.</p>
    </ActDialog>
  ),
})

/** A person's credentials that have neither expired nor been revoked. */
export const PersonCredentials = ({ of, credentials, defaultCluster, revoke }: Props) => (
  <BoundedSection
    title="Active credentials"
    none="They have no active credentials."
    some={credentials}
    of={of}
    section="credentials"
  >
    {(rows) => (
      <DataTable
        caption="Active credentials"
        rows={rows}
        rowKey={({ id }) => id}
        columns={[...credentialColumns(defaultCluster), ...(revoke ? [revocation(revoke)] : [])]}
      />
    )}
  </BoundedSection>
)
