import { ActDialog } from '#components/ui/act-dialog.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { Section } from '#components/ui/section.tsx'
import type { CredentialListed, Some } from '#lib/kernel/model/people/person-view.ts'
import { type CredentialShown, credentialColumns } from './credential-columns.tsx'
import { credentialsPath } from './credential-list-data.ts'

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
  <Section title="Active credentials" content={credentials.rows.length === 0 ? 'card' : 'bare'}>
    {credentials.rows.length === 0 ? (
      <p className="text-muted text-sm">They have no active credentials.</p>
    ) : (
      <DataTable
        caption="Active credentials"
        facts
        rows={credentials.rows}
        rowKey={({ id }) => id}
        columns={[...credentialColumns(defaultCluster), ...(revoke ? [revocation(revoke)] : [])]}
      />
    )}
    {credentials.more && (
      <p className="mt-3 text-sm">
        <LinkButton size="sm" href={credentialsPath({ person: of.handle })}>
          View all credentials
        </LinkButton>
      </p>
    )}
  </Section>
)
