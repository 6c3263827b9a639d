import type { Component } from './make-sbom.ts'

/** @returns a component's licence as its package declares it (SPDX if given); empty: none */
export const licenceOf = ({ licenses }: Component): string =>
  licenses
    .map((one) => one.license?.id ?? one.license?.name ?? one.expression ?? '')
    .filter((text) => text !== '')
    .join(' AND ')
