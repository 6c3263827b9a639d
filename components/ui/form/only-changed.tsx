'use client'

import { useEffect, useRef } from 'react'
import { useBeforeSubmit } from './before-submit.ts'

type Values = Readonly<Record<string, string>>

const plain = (text: string) => text.replaceAll('\r\n', '\n')

/**
 * Omits unchanged fields from the form, so that a save doesn't overwrite other people's changes to them.
 * @param shown initial values by field name; later ones are ignored, because the inputs don't show them
 * @param saved number of successful submits, for a form that stays open
 */
export function OnlyChanged({ shown, saved = 0 }: { shown: Values; saved?: number }) {
  const known = useRef(shown)
  const sent = useRef<Values>({})
  useBeforeSubmit((form) => {
    for (const [name, value] of Object.entries(known.current)) {
      const given = form.get(name)
      if (typeof given !== 'string') continue
      sent.current = { ...sent.current, [name]: given }
      if (plain(given) === plain(value)) form.delete(name)
    }
    return true
  })
  useEffect(() => {
    if (saved > 0) known.current = { ...known.current, ...sent.current }
  }, [saved])
  return null
}
