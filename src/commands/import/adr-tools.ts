import { importDecisions } from './decisions.ts'

export const run = importDecisions('adr-tools')
