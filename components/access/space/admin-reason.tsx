import { TextAreaField } from '#components/ui/form/text-area-field.tsx'

/**
 * When a platform admin must give a reason.
 * - `always`: they have no role here themselves
 * - `beyond`: only to give more than they have
 */
export type ReasonRule = 'always' | 'beyond'

/** A platform admin's reason for acting on someone else's space. */
export function PlatformAdminReason({ asked, owner }: { asked: ReasonRule; owner: string }) {
  return (
    <TextAreaField
      label="Reason"
      name="reason"
      rows={2}
      maxLength={1000}
      optional={asked === 'beyond'}
      hint={`${asked === 'beyond' ? 'Required to give more than you have here yourself. ' : ''}${owner} is notified immediately, with your name.`}
    />
  )
}
