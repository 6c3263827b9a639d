'use client'

import { useLayoutEffect, useRef, useState } from 'react'
import { SizeCards } from '#components/spaces/size-cards.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { DateField } from '#components/ui/form/date-field.tsx'
import { useFormError } from '#components/ui/form/field-errors.tsx'
import { FormActions } from '#components/ui/form/form-actions.tsx'
import { usePostedField } from '#components/ui/form/posted-fields.ts'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextAreaField } from '#components/ui/form/text-area-field.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Section } from '#components/ui/section.tsx'
import { dayInFull } from '#components/ui/time/time-in-words.ts'
import { parseSpaceName } from '#lib/features/spaces/model/space-name.ts'
import type { ErrorCode } from '#lib/kernel/model/errors.ts'
import { type Size, sizes, sizeWithin } from '#lib/kernel/model/spaces/size.ts'
import { NameVerdict } from './name-verdict.tsx'
import { SpacePreview } from './space-preview.tsx'
import { type CheckName, useNameCheck } from './use-name-check.ts'

export type SpacePolicy = {
  owned: number
  limit: number
  maxSize: Size
  /** The latest last day of a space: `YYYY-MM-DD`; null: no end is needed. */
  latestDay: string | null
  prefix: string
  clusters: readonly string[]
  defaultCluster: string
}

type Props = {
  policy: SpacePolicy
  /** Creates the space, or requests it if the form has a reason. */
  create: FormAction
  checkName: CheckName
  /** The earliest possible last day: `YYYY-MM-DD`. */
  tomorrow: string
}

const maxNamespaceLength = 63

/** The form for a new space. Exceeding policy turns it into a request with a reason. */
export const NewSpaceForm = ({ create, ...props }: Props) => (
  <ActionForm action={create} className="@container">
    <Fields {...props} />
  </ActionForm>
)

/** The server decides: another tab may have used up the limit. */
const needsApproval = (code: ErrorCode | null) => code === 'space_limit' || code === 'size_limit'

function Fields({ policy, checkName, tomorrow }: Omit<Props, 'create'>) {
  const [name, setName] = useState(usePostedField('name') ?? '')
  const postedSize = usePostedField('size')
  const [size, setSize] = useState<Size>(sizes.find((one) => one === postedSize) ?? 'S')
  const [cluster, setCluster] = useState(usePostedField('cluster') ?? '')
  const error = useFormError()
  const [refused, setRefused] = useState(usePostedField('reason') !== undefined)
  if (needsApproval(error) && !refused) setRefused(true)
  const nameInput = useRef<HTMLInputElement>(null)
  const clusterSelect = useRef<HTMLSelectElement>(null)
  // What was typed and chosen before the page’s scripts ran.
  useLayoutEffect(() => {
    const form = nameInput.current?.form
    if (!form) return
    const typed = new FormData(form)
    setName((name) => String(typed.get('name') ?? name))
    setSize((size) => sizes.find((one) => one === typed.get('size')) ?? size)
    setCluster((cluster) => clusterSelect.current?.value ?? cluster)
  }, [])
  const verdict = useNameCheck(name, cluster || undefined, policy.prefix, checkName)
  const parsed = parseSpaceName(name, policy.prefix)
  const overLimit = policy.owned >= policy.limit
  const overSize = !sizeWithin(size, policy.maxSize)
  const asks = overLimit || overSize || refused

  return (
    <div className="grid items-start gap-6 @4xl:grid-cols-[minmax(0,1fr)_22rem]">
      <Section title="Your space">
        <div className="space-y-4">
          <TextField
            ref={nameInput}
            mono
            autoFocus
            label="Name"
            name="name"
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={verdict.kind === 'wrong' ? verdict.sentence : undefined}
            hint={
              <span aria-live="polite">
                <NameVerdict state={verdict} maxLength={maxNamespaceLength - policy.prefix.length} />
              </span>
            }
          />
          <TextAreaField
            label="Description"
            name="description"
            optional
            rows={2}
            maxLength={500}
            hint="What the space is for. Members and platform admins can read it."
          />
          <div>
            <SizeCards value={size} onChange={setSize} maxSize={policy.maxSize} />
            <p className="mt-1.5 text-muted text-sm">Start small. You can grow later without a restart.</p>
          </div>
          <div className="grid gap-4 sm:grid-cols-2">
            <EndField latestDay={policy.latestDay} tomorrow={tomorrow} />
            {policy.clusters.length > 1 && (
              <SelectField
                ref={clusterSelect}
                label="Cluster"
                name="cluster"
                value={cluster}
                onChange={(event) => setCluster(event.target.value)}
                options={policy.clusters.map((name) => ({
                  value: name === policy.defaultCluster ? '' : name,
                  label: name,
                }))}
              />
            )}
          </div>
          {asks && <ApprovalReason policy={policy} size={size} overLimit={overLimit} overSize={overSize} />}
          <FormActions note={`${policy.owned} of ${policy.limit} spaces used`}>
            <SubmitButton>{asks ? 'Request approval' : 'Create space'}</SubmitButton>
            <LinkButton href="/">Cancel</LinkButton>
          </FormActions>
        </div>
      </Section>
      <SpacePreview namespace={parsed.ok ? parsed.namespace : ''} size={size} />
    </div>
  )
}

/** The space’s last day. */
function EndField({ latestDay, tomorrow }: Pick<SpacePolicy, 'latestDay'> & Pick<Props, 'tomorrow'>) {
  return (
    <DateField
      label="Ends"
      name="endsAt"
      optional={latestDay === null}
      min={tomorrow}
      presetsFrom={tomorrow}
      max={latestDay ?? undefined}
      hint={`The space is deleted at the end of this day (UTC). ${latestDay === null ? 'Leave empty to keep it.' : `${dayInFull(new Date(latestDay))} at the latest.`}`}
    />
  )
}

type ApprovalProps = { policy: SpacePolicy; size: Size; overLimit: boolean; overSize: boolean }

/** Says why the space needs approval, and asks for a reason. */
function ApprovalReason({ policy, size, overLimit, overSize }: ApprovalProps) {
  return (
    <>
      <Alert kind="info" title="This needs approval">
        <p>
          {overLimit && `You’ve reached your limit of ${policy.limit} ${policy.limit === 1 ? 'space' : 'spaces'}. `}
          {overSize && `Size ${size} is larger than ${policy.maxSize}, the largest you can have without approval. `}A
          platform admin decides. The space is created once they approve.
        </p>
      </Alert>
      <TextAreaField
        label="Reason"
        name="reason"
        required
        maxLength={1000}
        hint="Why you need it. Shown to the platform admin who decides."
      />
    </>
  )
}
