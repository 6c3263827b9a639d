'use client'

// A client component for the reason given in icon.tsx.

import { classNames } from '#components/ui/class-names.ts'
import { CombMeter } from '#components/ui/comb-meter.tsx'
import { StateLabel } from './state-label.tsx'

const spaces = [
  { name: 'checkout', state: 'ready', words: 'Ready', used: 0.5 },
  { name: 'payments-dev', state: 'failing', words: '2 failing', used: 0.75 },
  { name: 'web-preview', state: null, words: '', used: 0.15 },
  { name: 'load-test', state: 'quota', words: 'Waiting for quota', used: 1 },
  { name: 'notebooks', state: 'ready', words: 'Ready', used: 0.3 },
] as const

const lines = [
  'NAME                   READY   STATUS',
  'web-6f9b7c5d8-2xkqp    1/1     Running',
  'web-6f9b7c5d8-9hvlt    1/1     Running',
]

/** Decoration: a list of spaces in which one becomes ready, and kubectl that shows its pods. */
export const SignInScene = () => (
  <div aria-hidden="true" className="sign-in-scene">
    <Comb />
    <div className="relative rounded-lg border bg-surface shadow-lg">
      <p className="border-b px-4 py-3 font-semibold">Your spaces</p>
      <ul className="divide-y">
        {spaces.map(({ name, state, words, used }) => (
          <li key={name} className="grid h-11 grid-cols-[1fr_9rem_6rem] items-center gap-4 px-4">
            <span className="font-medium font-mono text-sm">{name}</span>
            {state ? <StateLabel state={state}>{words}</StateLabel> : <Becoming />}
            <CombMeter size="tiny" label="" text="" ratio={used} />
          </li>
        ))}
      </ul>
      <p className="border-t px-4 pt-2.5 pb-5 text-muted text-xs">1–5 of 5</p>
    </div>
    <pre className="-mt-5 xl:-mr-6 relative ml-auto w-fit rounded-lg border bg-raised px-4 py-3 font-mono text-xs leading-5 shadow-lg">
      <span className="text-muted">$ </span>
      <span className="scene-typed">kubectl get pods</span>
      {lines.map((line, at) => (
        <span key={line} className={classNames('scene-printed block', at === 0 && 'text-muted')}>
          {line}
        </span>
      ))}
    </pre>
  </div>
)

/** Changes from creating to ready. With reduced motion, it is ready from the start. */
const Becoming = () => (
  <span className="grid">
    <span className="scene-before col-start-1 row-start-1">
      <StateLabel state="creating">Creating</StateLabel>
    </span>
    <span className="scene-after col-start-1 row-start-1">
      <StateLabel state="ready">Ready</StateLabel>
    </span>
  </span>
)

/** A honeycomb that fades out toward its edges. */
const Comb = () => (
  <svg aria-hidden="true" className="sign-in-comb">
    <pattern id="comb" width="69.3" height="120" patternUnits="userSpaceOnUse">
      <path
        d="M34.6 6.0 64.1 23.0 64.1 57.0 34.6 74.0 5.2 57.0 5.2 23.0ZM0.0 66.0 29.4 83.0 29.4 117.0 0.0 134.0 -29.4 117.0 -29.4 83.0ZM69.3 66.0 98.7 83.0 98.7 117.0 69.3 134.0 39.8 117.0 39.8 83.0ZM0.0 -54.0 29.4 -37.0 29.4 -3.0 0.0 14.0 -29.4 -3.0 -29.4 -37.0ZM69.3 -54.0 98.7 -37.0 98.7 -3.0 69.3 14.0 39.8 -3.0 39.8 -37.0Z"
        fill="none"
        strokeWidth="1.5"
        strokeLinejoin="round"
        className="stroke-line"
      />
    </pattern>
    <rect width="100%" height="100%" fill="url(#comb)" />
  </svg>
)
