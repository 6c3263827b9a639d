'use client'

// A client component for the reason given in icon.tsx.

export function Logo() {
  return (
    <span className="inline-flex items-center gap-2 font-semibold tracking-tight">
      <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false" className="size-6">
        <rect width="32" height="32" rx="8" className="fill-accent-fill" />
        <path
          d="M16 6.5 24.2 11v10L16 25.5 7.8 21V11Z"
          fill="none"
          strokeWidth="2.6"
          strokeLinejoin="round"
          className="stroke-on-fill"
        />
        <circle cx="16" cy="16" r="3.4" className="fill-on-fill" />
      </svg>
      Spaceport
    </span>
  )
}
