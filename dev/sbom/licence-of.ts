import type { Component } from './make-sbom.ts'

/** @returns a component's licence as its package names it (SPDX where it does so); empty: it names none */
export const licenceOf = ({ licenses }: Component): string =>
  licenses
    .map((one) => one.license?.id ?? one.license?.name ?? one.expression ?? '')
    .filter((text) => text !== '')
    .join(' AND ')
