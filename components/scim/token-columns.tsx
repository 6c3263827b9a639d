import { ActDialog } from '#components/ui/act-dialog.tsx'
import { Badge, type BadgeTone } from '#components/ui/badge.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import type { Column } from '#components/ui/list/data-table.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import type { ProvisioningToken, TokenMaker, TokenState } from '#lib/kernel/model/people/provisioning-view.ts'

const states: Readonly<Record<TokenState, { tone: BadgeTone; text: string }>> = {
  'in-force': { tone: 'ok', text: 'In force' },
  stopped: { tone: 'warn', text: 'Stopped' },
  expired: { tone: 'neutral', text: 'Expired' },
  revoked: { tone: 'neutral', text: 'Revoked' },
}

type Options = {
  /** The viewer’s handle. */
  me: string
  takeOver: FormAction | null
  revoke: FormAction | null
}

const lasts = ({ state }: ProvisioningToken) => state === 'in-force' || state === 'stopped'

/** Whether another admin has to take over from this maker before the token works again. */
const isGone = ({ responsible, isAdmin }: TokenMaker) => responsible && !isAdmin

const who = ({ name, handle }: { name: string; handle: string }) => `${name} (${handle})`

export const tokenColumns = ({ me, takeOver, revoke }: Options): readonly Column<ProvisioningToken>[] => [
  {
    key: 'name',
    header: 'Name',
    primary: true,
    cell: ({ name, state }) => (
      <span className="wrap-anywhere">
        {name} <Badge tone={states[state].tone}>{states[state].text}</Badge>
      </span>
    ),
  },
  {
    key: 'made',
    header: 'Created',
    wraps: 'text',
    cell: (token) => (
      <>
        <RelativeTime at={token.createdAt} /> by {token.makers.length === 0 && 'the operator’s command'}
        <Makers {...token} />
      </>
    ),
  },
  {
    key: 'expires',
    header: 'Expires',
    cell: ({ expiresAt }) => <RelativeTime at={expiresAt} />,
  },
  {
    key: 'used',
    header: 'Last used',
    wraps: 'name',
    cell: ({ lastUsedAt, lastUsedAddress }) =>
      lastUsedAt ? (
        <>
          <RelativeTime at={lastUsedAt} />
          {lastUsedAddress && <span className="block text-muted text-xs">from {lastUsedAddress}</span>}
        </>
      ) : (
        <span className="text-muted">Never</span>
      ),
  },
  {
    key: 'revoked',
    header: 'Revoked',
    folds: 'first',
    wraps: 'name',
    cell: ({ state, revokedAt, revokedBy }) =>
      state === 'revoked' && revokedAt ? (
        <>
          <RelativeTime at={revokedAt} /> by {revokedBy?.name ?? 'the operator’s command'}
        </>
      ) : (
        <span className="text-muted">No</span>
      ),
  },
  ...(revoke || takeOver
    ? [
        {
          key: 'acts',
          header: 'Actions',
          headerHidden: true,
          align: 'right' as const,
          cell: (token: ProvisioningToken) =>
            lasts(token) && (
              <span className="flex flex-wrap justify-end gap-2">
                {takeOver && <TakeOver token={token} me={me} action={takeOver} />}
                {revoke && <Revoke token={token} action={revoke} />}
              </span>
            ),
        },
      ]
    : []),
]

function Makers({ makers, state }: ProvisioningToken) {
  return (
    <ul className="wrap-anywhere">
      {makers.map((maker) => (
        <li key={maker.handle}>
          {who(maker)}
          {!maker.responsible && <span className="text-muted text-xs"> no longer responsible</span>}
          {isGone(maker) && state === 'stopped' && (
            <span className="block text-warn text-xs">not an active platform admin</span>
          )}
        </li>
      ))}
    </ul>
  )
}

function TakeOver({ token, me, action }: { token: ProvisioningToken; me: string; action: FormAction }) {
  const { id, name, makers } = token
  const left = makers.find(isGone)
  if (!left || makers.some(({ handle, responsible }) => responsible && handle === me)) return null
  return (
    <ActDialog
      label="Take over"
      accessibleLabel={`Take over the token ${name}`}
      title={`Take over ${name} from ${left.name}?`}
      action={action}
      given={{ id, from: left.handle }}
      reason={null}
      size="sm"
      variant="secondary"
    >
      <p>
        You become responsible for it instead of {who(left)}. It works again once everyone responsible is an active
        platform admin. The trail shows your name with every change it makes.
      </p>
      <p>{left.name} may know the token. If they should no longer use it, revoke it and create another one instead.</p>
    </ActDialog>
  )
}

const Revoke = ({ token: { id, name }, action }: { token: ProvisioningToken; action: FormAction }) => (
  <ActDialog
    label="Revoke"
    accessibleLabel={`Revoke the token ${name}`}
    title={`Revoke ${name}?`}
    action={action}
    given={{ id }}
    reason={null}
    size="sm"
  >
    <p>
      Until you configure a new token, provisioning stops. People it already deactivated stay deactivated, and pushed
      groups keep their members and roles. To remove those, delete the groups at the provider first.
    </p>
  </ActDialog>
)
