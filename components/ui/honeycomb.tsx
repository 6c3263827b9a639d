'use client'

// A client component for the reason given in icon.tsx.

/** The background of an empty list's icon. Screen readers skip it. */
export const Honeycomb = () => (
  <svg viewBox="0 -14 140 100" aria-hidden="true" className="honeycomb h-25 w-35">
    <path
      d="M27.9 14.0 46.9 25.0 46.9 47.0 27.9 58.0 8.8 47.0 8.8 25.0ZM112.1 14.0 131.2 25.0 131.2 47.0 112.1 58.0 93.1 47.0 93.1 25.0ZM48.9 -22.5 68.0 -11.5 68.0 10.5 48.9 21.5 29.9 10.5 29.9 -11.5ZM91.1 -22.5 110.1 -11.5 110.1 10.5 91.1 21.5 72.0 10.5 72.0 -11.5ZM48.9 50.5 68.0 61.5 68.0 83.5 48.9 94.5 29.9 83.5 29.9 61.5ZM91.1 50.5 110.1 61.5 110.1 83.5 91.1 94.5 72.0 83.5 72.0 61.5Z"
      className="stroke-line"
    />
    <path
      d="M70.0 14.0 89.1 25.0 89.1 47.0 70.0 58.0 50.9 47.0 50.9 25.0Z"
      className="fill-accent-soft stroke-accent"
    />
  </svg>
)
