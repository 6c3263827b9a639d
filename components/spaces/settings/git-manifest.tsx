'use client'

import { useState } from 'react'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { TextAreaField } from '#components/ui/form/text-area-field.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { renderSpaceManifest, type SpaceManifest } from '#lib/features/spaces/model/render-space-manifest.ts'
import { sizes } from '#lib/kernel/model/spaces/size.ts'

type Props = {
  manifest: SpaceManifest
  /** Whether description, size and end can be changed before copying. */
  changes: boolean
}

/** The object that declares a space, to be committed, with optional changes. Nothing is saved here. */
export function GitManifest({ manifest, changes }: Props) {
  const [description, setDescription] = useState(manifest.description)
  const [size, setSize] = useState(manifest.size)
  const shownDay = manifest.endsAt?.toISOString().slice(0, 10) ?? ''
  const [day, setDay] = useState(shownDay)
  const endsAt = day === shownDay ? manifest.endsAt : lastInstant(day)
  const text = renderSpaceManifest({ ...manifest, description: description.trim(), size, endsAt })
  return (
    <div className="space-y-4">
      {changes && (
        <div className="space-y-4">
          <TextAreaField
            label="Description"
            name="description"
            maxLength={500}
            rows={2}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
          <SelectField
            label="Size"
            name="size"
            className="max-w-56"
            options={sizes.map((each) => ({ value: each, label: each }))}
            value={size}
            onChange={(event) => setSize(sizes.find((each) => each === event.target.value) ?? manifest.size)}
          />
          <TextField
            label="Ends"
            name="endsAt"
            type="date"
            optional
            className="max-w-56"
            value={day}
            onChange={(event) => setDay(event.target.value)}
            hint="The space is deleted at the end of this day (UTC)."
          />
        </div>
      )}
      <div className="relative">
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
          tabIndex={0}
          className="max-h-160 overflow-auto rounded-md border bg-sunken p-3 pr-10 font-mono text-xs leading-5"
        >
          <code>{text}</code>
        </pre>
        <span className="absolute top-1 right-1">
          <CopyButton text={text} label="Copy the manifest" />
        </span>
      </div>
    </div>
  )
}

/** @returns the end of a day (UTC); null: none */
function lastInstant(day: string): Date | null {
  const at = new Date(`${day}T23:59:59Z`)
  return Number.isNaN(at.getTime()) ? null : at
}
