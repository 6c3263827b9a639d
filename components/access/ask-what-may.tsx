'use client'

import { useId, useState } from 'react'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import type { WhatMay } from '#lib/features/access/model/reviewed-rights.ts'
import { WhatMayAnswer } from './what-may-answer.tsx'

type Props = {
  /** The known one of space and person; the form asks for the other. */
  known: { space: SpaceAddress } | { person: string }
  suggestions: readonly string[]
  clusters: readonly string[]
  action: FormAction<WhatMay>
}

/** “What can this person do in this space?”, answered by the API server. */
export function AskWhatMay({ known, suggestions, clusters, action }: Props) {
  const [answer, setAnswer] = useState<WhatMay | null>(null)
  const id = useId()
  return (
    <div className="space-y-4">
      <ActionForm action={action} label="What a person can do here" onOk={(data) => setAnswer(data ?? null)}>
        <div className="grid items-start gap-3 sm:grid-cols-[2fr_1fr_auto]">
          {'space' in known ? (
            <>
              <input type="hidden" name="space" value={known.space.name} />
              {known.space.cluster && <input type="hidden" name="cluster" value={known.space.cluster} />}
              <TextField
                label="Person"
                name="person"
                mono
                list={id}
                maxLength={60}
                hint="Their handle, such as alice-7f3a9c"
                className="sm:col-span-2"
              />
            </>
          ) : (
            <>
              <input type="hidden" name="person" value={known.person} />
              <TextField
                label="Space"
                name="space"
                mono
                list={id}
                maxLength={63}
                className={clusters.length > 1 ? undefined : 'sm:col-span-2'}
              />
              {clusters.length > 1 && (
                <SelectField
                  label="Cluster"
                  name="cluster"
                  options={clusters.map((cluster) => ({ value: cluster, label: cluster }))}
                />
              )}
            </>
          )}
          <div className="sm:pt-6">
            <SubmitButton icon="search">What can they do?</SubmitButton>
          </div>
        </div>
        <datalist id={id}>
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      </ActionForm>
      {answer && <WhatMayAnswer answer={answer} />}
    </div>
  )
}
