/** Whether a flag's value is a file, judged by its name in the usage line. */
export const isFile = (value: string | undefined) => /path|file|folder|identity/.test(value ?? '')
