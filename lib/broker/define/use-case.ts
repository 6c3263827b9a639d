/** What others may know of use cases; only the wrappers make them. */
export { isUseCase, type Minted, type UseCase } from './mint.ts'
