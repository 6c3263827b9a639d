import { TextAreaField } from '#components/ui/text-area-field.tsx'

/**
 * What a platform admin fills in who gives something by office.
 * - `always`: they have nothing of their own here to give
 * - `beyond`: only for more than they have here themselves
 */
export type ReasonAsked = 'always' | 'beyond'

/** Why a platform admin does something to somebody else's space. */
export function OfficeReason({ asked, owner }: { asked: ReasonAsked; owner: string }) {
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
