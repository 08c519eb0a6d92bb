/**
 * Whether a file is an archive that Keras saved. No editor shows its text, so nothing is underlined: the panel alone shows what is found, for
 * as long as it shows that archive.
 */
export const isArchive = (path: string): boolean => /\.keras$/i.test(path);
