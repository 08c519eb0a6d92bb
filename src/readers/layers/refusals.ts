/** Why a layer of the frameworks' own is not read; the sentence goes on after "`name` (Class) ". */
const CODE =
  'holds Python code, which is not in this file in readable form. Put a layer of the framework in its place (Rescaling, Activation, Reshape, ...), or open the code that builds the model.';
const TABLES =
  'looks words or numbers up in tables of its own; no gradient passes it. Feed the model what it gives, or open the code that builds the model.';
const SIGNAL = 'turns sound into spectrograms, which is not supported. Save the model from the layer behind it on.';
const MIXING =
  'mixes samples or labels of a batch, which is not supported. Take it out of the model and put it into the data.';
const FOREIGN = "wraps a model of another framework, whose code is not in this file. Open that model's code instead.";
const LOCAL = 'has a kernel of its own for each place, which is not supported. Use a convolution instead.';
const CELL = 'is a cell; it is read inside an RNN layer only.';
const BASE = 'is a base class without a forward pass of its own. Open the code that builds the model.';

const REFUSALS: Readonly<Record<string, string>> = {
  Lambda: CODE,
  Layer: BASE,
  Wrapper: BASE,
  AbstractRNNCell: BASE,
  ClassMethod: CODE,
  InstanceMethod: CODE,
  InstanceProperty: CODE,
  StringLookup: TABLES,
  IntegerLookup: TABLES,
  TextVectorization: TABLES,
  Hashing: TABLES,
  HashedCrossing: TABLES,
  CategoryCrossing: TABLES,
  Discretization: TABLES,
  CategoryEncoding: TABLES,
  FeatureSpace: TABLES,
  DenseFeatures: TABLES,
  MelSpectrogram: SIGNAL,
  STFTSpectrogram: SIGNAL,
  MixUp: MIXING,
  CutMix: MIXING,
  MaxNumBoundingBoxes: MIXING,
  TFSMLayer: FOREIGN,
  JaxLayer: FOREIGN,
  FlaxLayer: FOREIGN,
  TorchModuleWrapper: FOREIGN,
  LocallyConnected1D: LOCAL,
  LocallyConnected2D: LOCAL,
  SimpleRNNCell: CELL,
  LSTMCell: CELL,
  GRUCell: CELL,
  StackedRNNCells: CELL,
  ConvLSTM1D: 'is supported in two dims only (ConvLSTM2D).',
  ConvLSTM3D: 'is supported in two dims only (ConvLSTM2D).',
  SpectralNormalization:
    'divides its weights by their largest singular value, which is not supported here. Open the code that builds the model, or take the wrapper away.',
  AdditiveAttention: 'is not supported; Attention and MultiHeadAttention are.',
  GroupedQueryAttention: 'is not supported; MultiHeadAttention is.',
  ReversibleEmbedding: 'is not supported; use Embedding and a Dense layer.',
  RandomCrop: 'changes the size of pictures. Save the model from the layer behind it on, or crop in the data.',
  CenterCrop: 'is not supported; use Cropping2D.',
  Pipeline: 'holds augmentations. Take it out of the model and put it into the data.',
};

/** The reason; null for a layer that is not one of the frameworks' own. */
export function refusalOf(className: string): string | null {
  return Object.hasOwn(REFUSALS, className) ? (REFUSALS[className] ?? null) : null;
}
