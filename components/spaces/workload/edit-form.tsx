'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { SpaceFields } from '#components/spaces/space-fields.tsx'
import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextAreaField } from '#components/ui/form/text-area-field.tsx'
import type { DiffHunk } from '#lib/features/spaces/model/manifest-diff.ts'
import type { WorkloadRef } from '#lib/features/spaces/model/workload-view.ts'
import { ManifestDiff } from './manifest-diff.tsx'

/** `hunks`: what the cluster stores differently; null: too much to show. */
type Answer = { saved: boolean; hunks: DiffHunk[] | null }
export type EditFormAction = FormAction<Answer>

type Props = { address: SpaceAddress; of: WorkloadRef; text: string; base: string; action: EditFormAction }

/** Edits a manifest: a preview by the API server first, then saving. */
export function EditForm({ address, of, text, base, action }: Props) {
  const router = useRouter()
  const target = `${of.kind}/${of.name}`
  // A refresh of the page must not give the person’s text the version of another one.
  const [opened] = useState({ text, base })
  const [preview, setPreview] = useState<Answer | null>(null)
  return (
    <ActionForm
      action={action}
      label={`Edit ${of.name}`}
      needsScripts
      onOk={(answer) => {
        if (answer?.saved) router.push(spacePath(address, 'workload', { of: target }))
        else setPreview(answer ?? null)
      }}
      onError={() => setPreview(null)}
    >
      <SpaceFields space={address} />
      <input type="hidden" name="of" value={target} />
      <input type="hidden" name="base" value={opened.base} />
      <TextAreaField
        label="YAML"
        name="manifest"
        rows={28}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        defaultValue={opened.text}
        onChange={() => setPreview(null)}
        className="font-mono"
      />
      {preview && (
        <section aria-label="Changes" className="mt-4">
          <ManifestDiff hunks={preview.hunks} />
        </section>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        <SubmitButton name="step" value="preview" variant={preview ? 'secondary' : 'primary'}>
          Preview
        </SubmitButton>
        {preview && (
          <SubmitButton name="step" value="save">
            Save
          </SubmitButton>
        )}
      </div>
    </ActionForm>
  )
}
