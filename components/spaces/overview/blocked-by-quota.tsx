import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { Alert } from '#components/ui/alert.tsx'
import { DialogButton } from '#components/ui/dialog.tsx'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { RelativeTime } from '#components/ui/time/relative-time.tsx'
import { sizeFor } from '#lib/features/spaces/model/blocked-by-quota.ts'
import type { WaitingSize } from '#lib/kernel/model/requests/request-view.ts'
import { largerSizes, type Size, type SizeRights, sizeWithin } from '#lib/kernel/model/spaces/size.ts'
import type { BlockedByQuota as Blocked } from '#lib/kernel/model/spaces/space-inside.ts'
import { blockedText, exhaustedText, proposedReason, shortageText } from './blocked-words.ts'
import { LargerSizeForm } from './larger-size-form.tsx'
import { QuotaUsers } from './quota-users.tsx'

export type Resizing = SizeRights & {
  address: SpaceAddress
  owner: string
  /** Whether the size is managed in Git. */
  inGit: boolean
  update: FormAction
}

type Props = Resizing & {
  blocked: Blocked
  /** The pending request. */
  asked: WaitingSize | null
}

/** Shows which resources ran out and what waits for them, with actions to get more and to see what uses them. */
export function BlockedByQuota({ blocked, asked, ...resizing }: Props) {
  const { address, size, maxSize, owner, inGit, update } = resizing
  const fitting = sizeFor(blocked, size)
  const offered = largerSizes(resizing)
  const proposed = offered.find((each) => each === fitting) ?? offered.at(-1)
  const approval = proposed && !sizeWithin(proposed, maxSize)
  const waiting = approval && asked && sizeWithin(proposed, asked.size) ? asked : null
  const used = blocked.resources.filter(({ users }) => users.length > 0)
  return (
    <Alert
      kind="warn"
      title={<span className="wrap-anywhere">{blockedText(blocked)}</span>}
      action={
        <div className="flex flex-wrap gap-2">
          {waiting?.id && (
            <LinkButton href={`/requests/${waiting.id}`} size="sm">
              Show request
            </LinkButton>
          )}
          {proposed && !waiting && (
            <DialogButton
              label={`${approval ? 'Ask for' : 'Change to'} size ${proposed}`}
              title="A larger size"
              variant="primary"
              size="sm"
            >
              <LargerSizeForm
                {...{ address, size, maxSize, offered, proposed, update }}
                reason={proposedReason(blocked)}
              />
            </DialogButton>
          )}
          {used.length > 0 && (
            <DialogButton label="See what uses it" title={`What uses ${exhaustedText({ resources: used })}`} size="sm">
              <QuotaUsers resources={used} />
            </DialogButton>
          )}
        </div>
      }
    >
      <p>
        {shortageText(blocked)}{' '}
        {waiting ? <PendingRequest {...waiting} /> : adviceFor(fitting, { offers: offered.length > 0, owner, inGit })}
      </p>
    </Alert>
  )
}

const PendingRequest = ({ id, by, size, createdAt }: WaitingSize) => (
  <>
    {id ? 'You' : by} asked for size {size} <RelativeTime at={createdAt} />. The request is waiting for a decision.
  </>
)

type Ways = { offers: boolean; owner: string; inGit: boolean }

function adviceFor(fitting: Size | null, { offers, owner, inGit }: Ways): string {
  if (!fitting) return 'This is the largest size: free some capacity, or use another space.'
  if (offers) return 'Free some capacity, or get a larger size.'
  if (inGit) return 'Free some capacity, or set a larger size in Git.'
  return `Free some capacity, or ask ${owner} or an admin of this space for a larger size.`
}
