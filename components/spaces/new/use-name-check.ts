'use client'

import { useEffect, useState } from 'react'
import { spaceOf } from '#components/spaces/space-path.ts'
import { parseSpaceName } from '#lib/features/spaces/model/space-name.ts'
import type { CallState } from '#lib/kernel/model/action-state.ts'
import type { NameState } from './name-verdict.tsx'

export type CheckName = (input: {
  name: string
  cluster?: string
}) => Promise<CallState<{ verdict: string; sentence: string }>>

const typingMs = 300

/** Checks a name as it is typed: its syntax immediately, and after a pause whether it is free, on the server. */
export function useNameCheck(name: string, cluster: string | undefined, prefix: string, check: CheckName): NameState {
  const [answer, setAnswer] = useState<{ asked: string; state: NameState } | null>(null)
  const parsed = parseSpaceName(name, prefix)
  const asked = `${cluster ?? ''}/${name}`
  const legal = parsed.ok

  useEffect(() => {
    if (!legal) return
    let stale = false
    const timer = setTimeout(async () => {
      const result = await check(spaceOf(name, cluster)).catch(() => null)
      if (stale) return
      if (result?.status !== 'ok') return setAnswer({ asked, state: { kind: 'unknown' } })
      const { verdict, sentence } = result.data
      setAnswer({ asked, state: { kind: verdict === 'free' ? 'free' : 'wrong', sentence } })
    }, typingMs)
    return () => {
      stale = true
      clearTimeout(timer)
    }
  }, [asked, legal, name, cluster, check])

  if (name === '') return { kind: 'empty' }
  if (!parsed.ok) return { kind: 'wrong', sentence: parsed.sentence }
  return answer?.asked === asked ? answer.state : { kind: 'checking' }
}
