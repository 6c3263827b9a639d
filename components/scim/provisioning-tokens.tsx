'use client'

import { useMemo, useState } from 'react'
import { Alert } from '#components/ui/alert.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { DataTable } from '#components/ui/list/data-table.tsx'
import { Section } from '#components/ui/section.tsx'
import type { ProvisioningToken, TokenRequest } from '#lib/kernel/model/people/provisioning-view.ts'
import type { ProvisioningActions } from './provisioning-actions.ts'
import { AskForToken, type TokenDays } from './request-token-form.tsx'
import { tokenColumns } from './token-columns.tsx'
import { TokenRequests } from './token-requests.tsx'

type Props = {
  tokens: readonly ProvisioningToken[]
  requests: readonly TokenRequest[]
  /** The viewer’s handle. */
  me: string
  admins: number
  isActivated: boolean
  days: TokenDays
  actions: ProvisioningActions
}

/** The identity provider's tokens: a newly created one, requests, active ones, and inactive ones. */
export function ProvisioningTokens({ tokens, requests, me, admins, isActivated, days, actions }: Props) {
  const [fresh, setFresh] = useState<string | null>(null)
  const given = actions.reveal
  const reveal = useMemo(
    (): FormAction | null =>
      given &&
      (async (_state, form) => {
        const result = await given({ status: 'idle' }, form)
        if (result.status !== 'ok') return result
        setFresh(result.data?.token ?? null)
        return result.message === undefined ? { status: 'ok' } : { status: 'ok', message: result.message }
      }),
    [given],
  )
  return (
    <>
      {fresh !== null && (
        <Alert kind="ok" live title="The new token">
          <p>Give it to your identity provider now. It isn’t shown again: Spaceport stores only its SHA-256.</p>
          <CodeBlock code={fresh} label="Copy the token" />
        </Alert>
      )}
      <TokenRequests requests={requests} me={me} approve={actions.approve} decline={actions.decline} reveal={reveal} />
      <Section
        title="Tokens"
        content="bare"
        description="To rotate: create a second, switch over, revoke the first."
        more="A token stops working while a person responsible for it is not an active platform admin."
      >
        {tokens.length === 0 ? (
          <EmptyState icon="key" title="No tokens yet" heading="h3">
            Provisioning needs a token. Two platform admins create one together, or an operator does.
          </EmptyState>
        ) : (
          <DataTable
            caption="Provisioning tokens"
            rows={tokens}
            rowKey={({ id }) => id}
            columns={tokenColumns({ me, takeOver: actions.takeOver, revoke: actions.revoke })}
          />
        )}
      </Section>
      {actions.ask && (
        <AskForToken
          key={requests.length}
          action={actions.ask}
          days={days}
          hasOpen={requests.some(({ askedBy }) => askedBy.handle === me)}
          admins={admins}
          isActivated={isActivated}
        />
      )}
    </>
  )
}
