import { ActDialog } from '#components/ui/act-dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { type Column, DataTable } from '#components/ui/list/data-table.tsx'
import { Section } from '#components/ui/section.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { TokenRequest } from '#lib/kernel/model/people/provisioning-view.ts'

type Props = {
  requests: readonly TokenRequest[]
  /** The viewer’s handle. */
  me: string
  approve: FormAction | null
  decline: FormAction | null
  reveal: FormAction | null
}

/** Open token requests, waiting for approval or for the requester to reveal the token. */
export const TokenRequests = ({ requests, ...options }: Props) =>
  requests.length > 0 && (
    <Section
      title="Requested tokens"
      content="bare"
      description="Once another platform admin approves, the requester has a day to reveal the token."
    >
      <DataTable caption="Requested tokens" rows={requests} rowKey={({ id }) => id} columns={requestColumns(options)} />
    </Section>
  )

const requestColumns = ({ me, approve, decline, reveal }: Omit<Props, 'requests'>): readonly Column<TokenRequest>[] => [
  { key: 'name', header: 'Name', primary: true, cell: ({ name }) => <span className="wrap-anywhere">{name}</span> },
  {
    key: 'asked',
    header: 'Requested',
    wraps: 'text',
    cell: ({ askedAt, askedBy }) => (
      <>
        <RelativeTime at={askedAt} /> by {askedBy.name} ({askedBy.handle})
      </>
    ),
  },
  { key: 'expires', header: 'Token expires', cell: ({ expiresAt }) => <RelativeTime at={expiresAt} /> },
  {
    key: 'state',
    header: 'State',
    wraps: 'text',
    cell: ({ approvedBy, lapsesAt }) => (
      <>
        {approvedBy ? `Approved by ${approvedBy.name} (${approvedBy.handle})` : 'Waiting for another platform admin'}
        <span className="block text-muted text-xs">
          {approvedBy ? 'Can be revealed until' : 'Can be approved until'} <RelativeTime at={lapsesAt} />
        </span>
      </>
    ),
  },
  ...(approve || decline || reveal
    ? [
        {
          key: 'acts',
          header: 'Actions',
          headerHidden: true,
          align: 'right' as const,
          cell: (request: TokenRequest) => {
            const isOwn = request.askedBy.handle === me
            return (
              <span className="flex flex-wrap justify-end gap-2">
                {isOwn && request.approvedBy && reveal && <Reveal request={request} action={reveal} />}
                {!isOwn && !request.approvedBy && approve && <Approve request={request} action={approve} />}
                {decline && <Decline request={request} isOwn={isOwn} action={decline} />}
              </span>
            )
          },
        },
      ]
    : []),
]

type Act = { request: TokenRequest; action: FormAction }

const Approve = ({ request: { id, name, askedBy }, action }: Act) => (
  <ActDialog
    label="Approve"
    accessibleLabel={`Approve the token ${name}`}
    title={`Approve ${name}?`}
    action={action}
    given={{ id }}
    reason={null}
    size="sm"
    variant="primary"
  >
    <p>
      {askedBy.name} ({askedBy.handle}) gets a token that can add people of this provider, change their groups and
      deactivate them. You share responsibility for it: it stops working when either of you is no longer an active
      platform admin.
    </p>
    <p>If you don’t know why they need it, ask them first.</p>
  </ActDialog>
)

const Decline = ({ request: { id, name }, isOwn, action }: Act & { isOwn: boolean }) => (
  <ActDialog
    label={isOwn ? 'Withdraw' : 'Decline'}
    accessibleLabel={`${isOwn ? 'Withdraw' : 'Decline'} the token ${name}`}
    title={`${isOwn ? 'Withdraw' : 'Decline'} ${name}?`}
    action={action}
    given={{ id }}
    reason={null}
    size="sm"
  >
    <p>The request is closed, and no token is created.</p>
  </ActDialog>
)

const Reveal = ({ request: { id, name }, action }: Act) => (
  <ActionForm action={action} label={`Reveal the token ${name}`}>
    <input type="hidden" name="id" value={id} />
    <SubmitButton size="sm">Reveal token</SubmitButton>
  </ActionForm>
)
