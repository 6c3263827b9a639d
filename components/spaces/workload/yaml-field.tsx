'use client'

import { useEffect, useRef, useState } from 'react'
import { Field } from '#components/ui/form/field.tsx'

type Props = { name: string; text: string; onChange: () => void }

/** A text area for YAML. The numbers of its lines scroll with it. */
export function YamlField({ name, text, onChange }: Props) {
  const input = useRef<HTMLTextAreaElement>(null)
  const numbers = useRef<HTMLPreElement>(null)
  const [lines, setLines] = useState(() => linesIn(text))
  // The browser may have restored another text before scripts ran.
  useEffect(() => setLines(linesIn(input.current?.value ?? '')), [])
  return (
    <Field label="YAML" name={name}>
      {(control) => (
        <div className="numbered-lines">
          <div aria-hidden="true" className="relative w-14 shrink-0">
            <pre ref={numbers}>{Array.from({ length: lines }, (_, at) => at + 1).join('\n')}</pre>
          </div>
          <textarea
            ref={input}
            name={name}
            rows={28}
            wrap="off"
            spellCheck={false}
            autoCapitalize="off"
            autoComplete="off"
            defaultValue={text}
            onChange={({ currentTarget }) => {
              setLines(linesIn(currentTarget.value))
              onChange()
            }}
            onScroll={({ currentTarget }) => numbers.current?.scrollTo(0, currentTarget.scrollTop)}
            {...control}
            className="control"
          />
        </div>
      )}
    </Field>
  )
}

const linesIn = (text: string): number => text.split('\n').length
