'use client'

import { useEffect, useRef, useState } from 'react'
import { kubectlSecretValue } from '#components/spaces/kubectl-lines.ts'
import { SpaceFields } from '#components/spaces/space-fields.tsx'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { Button } from '#components/ui/button.tsx'
import { CodeBlock } from '#components/ui/code-block.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import type { SecretValue } from '#lib/features/spaces/model/secret-value.ts'
import { KeyRow, ValueBlock } from './value-block.tsx'

type Props = {
  /** The Secret’s. */
  name: string
  secretKey: string
  bytes: number
  address: SpaceAddress
  show: FormAction<SecretValue>
}

/** A key of a Secret. *Show value* asks for its value; *Hide* drops it. */
export function SecretKey({ name, secretKey, bytes, address, show }: Props) {
  // A new form has no value.
  const [form, renew] = useState(0)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (form > 0) box.current?.querySelector('button')?.focus()
  }, [form])
  return (
    <div ref={box} className="group/key">
      <ActionForm<SecretValue>
        key={form}
        action={show}
        label={`Value of ${secretKey}`}
        after={(state) =>
          state.status === 'ok' &&
          state.data && <Shown name={name} value={state.data} hide={() => renew((count) => count + 1)} />
        }
      >
        <SpaceFields space={address} />
        <input type="hidden" name="name" value={name} />
        <input type="hidden" name="key" value={secretKey} />
        <KeyRow
          name={secretKey}
          bytes={bytes}
          actions={
            // It keeps its place, which *Hide* takes.
            <span className="group-has-[[data-shown]]/key:invisible">
              <SubmitButton variant="secondary" size="sm">
                Show value<span className="sr-only"> of {secretKey}</span>
              </SubmitButton>
            </span>
          }
        />
      </ActionForm>
    </div>
  )
}

function Shown({ name, value: { key, bytes, text }, hide }: { name: string; value: SecretValue; hide: () => void }) {
  const first = useRef<HTMLDivElement>(null)
  useEffect(() => first.current?.querySelector('button')?.focus(), [])
  return (
    <div data-shown>
      <div ref={first} className="-mt-8 flex min-h-8 items-center justify-end gap-1">
        <span className="noscript:hidden">
          <Button type="button" variant="secondary" size="sm" onClick={hide}>
            Hide<span className="sr-only"> the value of {key}</span>
          </Button>
        </span>
        {text !== null && <CopyButton text={text} label={`Copy the value of ${key}`} />}
      </div>
      {text === null ? (
        <p className="mt-1 text-muted text-sm">{`Binary, ${bytes.toLocaleString('en')} bytes. Use kubectl to save it:`}</p>
      ) : (
        <ValueBlock text={text} label={`Value of ${key}`} />
      )}
      <div className="mt-2">
        <CodeBlock code={kubectlSecretValue(name, key)} />
      </div>
    </div>
  )
}
