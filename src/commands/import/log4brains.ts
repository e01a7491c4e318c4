import { importDecisions } from './decisions.ts'

export const run = importDecisions('log4brains')
