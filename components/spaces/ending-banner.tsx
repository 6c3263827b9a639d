import { askPath } from '#components/requests/request-again.ts'
import { ActDialog } from '#components/ui/act-dialog.tsx'
import { Alert } from '#components/ui/alert.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { dayAndTime, dayInWords } from '#components/ui/time/time-in-words.ts'
import type { LongerLife } from '#lib/features/spaces/model/space-life.ts'
import { dayOf } from './last-day.ts'
import { type SpaceAddress, spacePath } from './space-path.ts'

type Props = {
  address: SpaceAddress
  endsAt: Date
  now: Date
  longer: LongerLife
  /** Changes the end. */
  update: FormAction
}

/** Warns that a space ends in a few days, with what the person can do about it. */
export function EndingBanner({ address, endsAt, now, longer, update }: Props) {
  return (
    <Alert
      kind="warn"
      title={`This space ends ${dayInWords(endsAt, now)}, on ${dayAndTime(endsAt)}`}
      action={
        <div className="flex flex-wrap gap-2">
          <WayOut address={address} endsAt={endsAt} now={now} longer={longer} update={update} />
        </div>
      }
    >
      <p>
        It and everything in it are deleted then.
        {longer.way === 'none' && ' The policy doesn’t allow a later end today.'}
        {longer.way === 'request' && ' It was approved until then; a later end needs approval.'}
        {longer.way === 'ask' && ' Its owner and admins can keep it.'}
        {longer.way === 'git' && ' It is managed in Git: set a later end there.'}
      </p>
    </Alert>
  )
}

function WayOut({ address, endsAt, now, longer, update }: Props) {
  if (longer.way === 'ask')
    return (
      <LinkButton size="sm" href={askPath(address, 'admin', 'extend-space')}>
        Ask to extend
      </LinkButton>
    )
  if (longer.way === 'request')
    return (
      <LinkButton size="sm" href={`${spacePath(address, 'settings')}#more-time`}>
        Request more time
      </LinkButton>
    )
  if (longer.way === 'git')
    return (
      <LinkButton size="sm" href={`${spacePath(address, 'settings')}#git`}>
        Show the manifest
      </LinkButton>
    )
  const { name, cluster } = address
  return (
    <>
      {longer.way === 'keep' && (
        <ActDialog
          label="Keep it"
          title={`Keep ${name}?`}
          action={update}
          given={{ space: name, ...(cluster && { cluster }), endsAt: dayOf(longer.end) }}
          reason={null}
          variant="primary"
          size="sm"
        >
          <p>
            It then ends {dayInWords(longer.end, now)}, on <strong>{dayAndTime(longer.end)}</strong>, instead of{' '}
            {dayAndTime(endsAt)}.
          </p>
          <p className="text-muted">To choose another day, use Change end date.</p>
        </ActDialog>
      )}
      <LinkButton size="sm" href={`${spacePath(address, 'settings')}#details`}>
        Change end date
      </LinkButton>
    </>
  )
}
