'use client'

import type { FormAction } from '#components/ui/form/action-form.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { saveFile } from '#components/ui/save-file.ts'
import { KubeconfigForm } from './kubeconfig-form.tsx'
import type { LifetimeOption } from './lifetime-options.ts'
import type { MadeKubeconfig } from './made-kubeconfig.ts'
import { NameField } from './name-field.tsx'

type Props = { action: FormAction<MadeKubeconfig>; lifetimes: readonly LifetimeOption[]; defaultHours: number }

/** Creates a kubeconfig with a context for each of the person's spaces, and saves it. */
export function DownloadAllForm({ action, lifetimes, defaultHours }: Props) {
  return (
    <KubeconfigForm
      action={action}
      path="/credentials"
      label="Kubeconfig for all your spaces"
      okMessage="Downloaded. Keep the file private; it can’t be downloaded again."
      onOk={(made) => made && saveFile(made.fileName, made.kubeconfig, 'application/yaml')}
      className="flex flex-wrap items-end gap-3 [&>[role=alert]]:basis-full"
    >
      <SelectField
        label="Lifetime"
        name="hours"
        className="w-40"
        defaultValue={String(defaultHours)}
        options={lifetimes}
      />
      <NameField />
      <SubmitButton icon="download" className="max-sm:w-full">
        Download for all your spaces
      </SubmitButton>
    </KubeconfigForm>
  )
}
