'use client'

import { PersonPicker } from '#components/people/person-picker.tsx'
import { spaceWords } from '#components/search/find-in-portal.tsx'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { Combobox } from '#components/ui/form/combobox.tsx'
import type { ComboboxOption } from '#components/ui/form/listbox.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import type { WhatMay } from '#lib/features/access/model/reviewed-rights.ts'
import { WhatMayAnswer } from './what-may-answer.tsx'

type Props = {
  /** The known one of space and person; the form asks for the other. `spaces`: where the person has a role. */
  known: { space: SpaceAddress } | { person: string; spaces: readonly string[] }
  clusters: readonly string[]
  action: FormAction<WhatMay>
}

/** “What can this person do in this space?”, answered by the API server. */
export function AskWhatMay({ known, clusters, action }: Props) {
  return (
    <div className="space-y-4">
      <ActionForm
        action={action}
        label="What a person can do here"
        after={(state) => state.status === 'ok' && state.data && <WhatMayAnswer answer={state.data} />}
      >
        <div className="grid items-start gap-3 sm:grid-cols-[2fr_1fr_auto]">
          {'space' in known ? (
            <>
              <input type="hidden" name="space" value={known.space.name} />
              {known.space.cluster && <input type="hidden" name="cluster" value={known.space.cluster} />}
              <PersonPicker label="Person" name="person" className="sm:col-span-2" />
            </>
          ) : (
            <>
              <input type="hidden" name="person" value={known.person} />
              <Combobox
                label="Space"
                name="space"
                browses
                search={(text) => Promise.resolve(spacesWith(known.spaces, text))}
                words={{
                  ...spaceWords,
                  none: (text) => `They have no role in “${text}”. You can ask about it all the same.`,
                }}
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
      </ActionForm>
    </div>
  )
}

const spacesWith = (names: readonly string[], text: string): ComboboxOption[] =>
  names
    .filter((name) => name.includes(text.toLowerCase()))
    .map((name) => ({ id: name, value: name, names: [], label: name, summary: name }))
