'use client'

import { ActDialog } from '#components/ui/act-dialog.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import type { ReviewLine } from '#lib/features/reviews/model/review-view.ts'
import { bindingRemoval } from '#lib/kernel/model/requests/review.ts'
import { givenOf } from './given-of.ts'
import { LowerFields } from './lower-fields.tsx'

type Props = { review: string; line: ReviewLine; action: FormAction }

const inTrail = 'It is recorded in the audit trail, the report and the space’s activity.'

/** @returns a line's subject, to tell rows apart: `Bob in web` */
export const lineTitle = ({ holder, holderName, space, cluster, binding }: ReviewLine): string =>
  `${binding ? binding.name : holderName || holder} ${space === null ? `on ${cluster}` : `in ${space}`}`

/** The decisions that the viewer can make on a line. */
export function LineActs({ review, line, action }: Props) {
  const about = lineTitle(line)
  const given = { id: review, ...givenOf([line]) }
  return (
    <div className="flex flex-wrap gap-1.5">
      <KeepButton given={given} about={about} action={action} />
      {line.binding ? (
        <ActDialog
          label="Flag"
          accessibleLabel={`Flag ${about}`}
          title={`Flag ${line.binding.kind} ${line.binding.name}?`}
          action={action}
          given={{ ...given, decision: 'flag' }}
          reason={inTrail}
          variant="secondary"
          size="xs"
        >
          <p>
            Spaceport didn’t make this binding and can’t remove it. Flagging records that it should be removed. A member
            with that permission or a cluster admin can remove it:
          </p>
          <CodeBlock code={bindingRemoval(line.binding)} />
        </ActDialog>
      ) : (
        <>
          {line.role !== 'viewer' && (
            <ActDialog
              label="Lower role"
              accessibleLabel={`Lower role of ${about}`}
              title={`Lower the ${line.role} role of ${line.holderName || line.holder}?`}
              action={action}
              given={{ ...given, decision: 'lower' }}
              reason={inTrail}
              variant="secondary"
              size="xs"
            >
              <LowerFields below={line.role} />
            </ActDialog>
          )}
          <ActDialog
            label="Revoke"
            accessibleLabel={`Revoke ${about}`}
            title={`Revoke the ${line.role} role of ${line.holderName || line.holder}?`}
            action={action}
            given={{ ...given, decision: 'revoke' }}
            reason={inTrail}
            variant="danger-outline"
            size="xs"
          >
            <p>
              {line.isGroup ? 'Everyone in this group loses it' : 'They lose it'} immediately. Without another role in{' '}
              {line.space}, the next request is refused and open logs, watches, shells and port-forwards are closed.
            </p>
          </ActDialog>
        </>
      )}
    </div>
  )
}

function KeepButton({ given, about, action }: { given: Record<string, string>; about: string; action: FormAction }) {
  return (
    <ActionForm action={action}>
      {Object.entries({ ...given, decision: 'keep' }).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <SubmitButton size="xs" variant="secondary">
        Keep<span className="sr-only"> {about}</span>
      </SubmitButton>
    </ActionForm>
  )
}
