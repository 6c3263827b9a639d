'use client'

import { useMemo, useState } from 'react'
import { ActionForm, type FormAction } from '#components/ui/action-form.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { DataTable } from '#components/ui/data-table.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Section } from '#components/ui/section.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { TextField } from '#components/ui/text-field.tsx'
import { maxTokensInForce, type ProvisioningToken } from '#lib/domain/provisioning-view.ts'
import { tokenColumns } from './token-columns.tsx'

/** `create`: null for the sealed account. */
export type ProvisioningActions = { create: FormAction<{ token: string }> | null; revoke: FormAction }

type Props = {
  tokens: readonly ProvisioningToken[]
  /** Null for those who only look. */
  actions: ProvisioningActions | null
}

/** The tokens of the identity provider: a new one while it is shown, those in force, and the revoked ones. */
export function ProvisioningTokens({ tokens, actions }: Props) {
  const [fresh, setFresh] = useState<string | null>(null)
  const made = actions?.create ?? null
  const create = useMemo(
    (): FormAction<{ token: string }> | null =>
      made &&
      (async (state, form) => {
        const result = await made(state, form)
        if (result.status !== 'ok') return result
        setFresh(result.data?.token ?? null)
        return result.message === undefined ? { status: 'ok' } : { status: 'ok', message: result.message }
      }),
    [made],
  )
  const inForce = tokens.filter(({ revokedAt }) => revokedAt === null).length
  return (
    <>
      {fresh !== null && (
        <Alert kind="ok" live title="The new token">
          <p>Give it to your identity provider now: it isn’t shown again, and only its SHA-256 is kept.</p>
          <CodeBlock code={fresh} label="Copy the token" />
        </Alert>
      )}
      <Section
        title="Tokens"
        content="bare"
        description="Two can be in force: to rotate one, create another, give it to the identity provider, and revoke the old one once the new one was used."
      >
        {tokens.length === 0 ? (
          <EmptyState icon="key" title="No token yet" heading="h3">
            {create
              ? 'Without one, nobody can provision anything. Create one below.'
              : 'Without one, nobody can provision anything. Platform admins create them.'}
          </EmptyState>
        ) : (
          <DataTable
            caption="Provisioning tokens"
            rows={tokens}
            rowKey={({ id }) => id}
            columns={tokenColumns(actions?.revoke ?? null)}
          />
        )}
      </Section>
      {create && (
        <Section
          title="Create a token"
          description="Whoever has it can add this provider’s people, change their groups, and shut them out."
        >
          {inForce >= maxTokensInForce ? (
            <p className="text-muted text-sm">Two tokens are in force. Revoke one to create another.</p>
          ) : (
            <ActionForm key={inForce} action={create} label="Create a token" className="flex flex-wrap items-end gap-3">
              <TextField label="Name" name="name" placeholder="Okta, November" maxLength={60} className="min-w-64" />
              <SubmitButton>Create token</SubmitButton>
            </ActionForm>
          )}
        </Section>
      )}
    </>
  )
}
