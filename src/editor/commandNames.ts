/** Every command that the manifest declares. */
export const COMMANDS = {
  diagnoseFile: 'gradientLens.diagnoseFile',
  diagnoseArchive: 'gradientLens.diagnoseArchive',
  showGradientFlow: 'gradientLens.showGradientFlow',
  cancel: 'gradientLens.cancel',
  showLog: 'gradientLens.showLog',
} as const;
