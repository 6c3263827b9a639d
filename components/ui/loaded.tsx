'use client'

import { type ComponentType, lazy } from 'react'

/** @returns a component that is loaded when first shown. If loading fails, it says so and the page stays */
export function loaded<P>(load: () => Promise<ComponentType<P>>) {
  const orSays = () => load().catch((): ComponentType<P> => NotLoaded)
  return lazy(() => orSays().then((component) => ({ default: component })))
}

const NotLoaded = () => <p role="alert">It couldn’t be loaded. Reload the page.</p>
