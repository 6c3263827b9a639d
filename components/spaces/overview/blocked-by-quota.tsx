import type { SpaceAddress } from '#components/spaces/space-path.ts'
import type { FormAction } from '#components/ui/action-form.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { DialogButton } from '#components/ui/dialog.tsx'
import { sizeFor } from '#lib/domain/blocked-by-quota.ts'
import { type Size, sizes, sizeWithin } from '#lib/domain/size.ts'
import type { BlockedByQuota as Blocked } from '#lib/domain/space-inside.ts'
import { blockedText, exhaustedText, proposedReason, shortageText } from './blocked-words.ts'
import { LargerSizeForm } from './larger-size-form.tsx'
import { QuotaUsers } from './quota-users.tsx'

export type Resizing = {
  address: SpaceAddress
  size: Size
  /** The largest that needs no approval. */
  maxSize: Size
  /** Whether the person may change the size within policy, and request a larger one. */
  mayChange: boolean
  mayAsk: boolean
  owner: string
  update: FormAction
}

/** Says what ran out and what waits for it, with the way to more and to what uses it. */
export function BlockedByQuota({ blocked, ...resizing }: { blocked: Blocked } & Resizing) {
  const { address, size, maxSize, mayChange, mayAsk, owner, update } = resizing
  const wished = sizeFor(blocked, size)
  const offered = sizes.filter((each) => !sizeWithin(each, size) && (sizeWithin(each, maxSize) ? mayChange : mayAsk))
  const proposed = offered.find((each) => each === wished) ?? offered.at(-1)
  const used = blocked.resources.filter(({ users }) => users.length > 0)
  return (
    <Alert
      kind="warn"
      title={<span className="wrap-anywhere">{blockedText(blocked)}</span>}
      action={
        <div className="flex flex-wrap gap-2">
          {proposed && (
            <DialogButton
              label={`${sizeWithin(proposed, maxSize) ? 'Change to' : 'Ask for'} size ${proposed}`}
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
        {shortageText(blocked)} {adviceFor(wished, offered.length > 0, owner)}
      </p>
    </Alert>
  )
}

function adviceFor(wished: Size | null, offers: boolean, owner: string): string {
  if (!wished) return 'This is the largest size: make room, or use another space.'
  if (offers) return 'Make room, or get a larger size.'
  return `Make room, or ask ${owner} or an admin of this space, who can get a larger size.`
}
