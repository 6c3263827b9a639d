'use client'

import { useId } from 'react'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { commonResources, commonVerbs } from '#lib/features/access/model/requested-right.ts'
import type { WhoMay } from '#lib/features/access/model/who-may.ts'
import { WhoMayAnswers } from './who-may-answers.tsx'

type Props = { address: SpaceAddress; action: FormAction<WhoMay> }

/** “Who can delete pods in this space?”, answered by the API server. */
export function AskWhoMay({ address: { name, cluster }, action }: Props) {
  const id = useId()
  return (
    <div className="space-y-4">
      <ActionForm
        action={action}
        label="Who can do what here"
        after={(state) => state.status === 'ok' && state.data && <WhoMayAnswers answer={state.data} space={name} />}
      >
        <input type="hidden" name="space" value={name} />
        {cluster && <input type="hidden" name="cluster" value={cluster} />}
        <div className="grid items-start gap-3 sm:grid-cols-[1fr_2fr_auto]">
          <TextField label="Verb" name="verb" mono list={`${id}-verbs`} defaultValue="delete" maxLength={30} />
          <TextField
            label="Resource"
            name="resource"
            mono
            list={`${id}-resources`}
            defaultValue="pods"
            maxLength={253}
            hint="The plural: pods, pods/exec, deployments.apps"
          />
          <div className="sm:pt-6">
            <SubmitButton icon="search">Who can?</SubmitButton>
          </div>
        </div>
        <Suggestions id={`${id}-verbs`} of={commonVerbs} />
        <Suggestions id={`${id}-resources`} of={commonResources} />
      </ActionForm>
    </div>
  )
}

const Suggestions = ({ id, of }: { id: string; of: readonly string[] }) => (
  <datalist id={id}>
    {of.map((one) => (
      <option key={one} value={one} />
    ))}
  </datalist>
)
