/** One call of `torch.nn.init` on a weight; `arguments` go behind the weight. */
export interface InitialiserCall {
  function: string;
  arguments: (quote: string) => string;
  /** Name in titles. */
  title: string;
}

/**
 * Initialisers on offer. Kaiming with nonlinearity `linear` is N(0, 1 / fan_in), LeCun normal, which SELU is made for (Klambauer et al.
 * 2017); He et al. 2015 for ReLU; Glorot and Bengio 2010 with the gain 5/3 of `calculate_gain('tanh')` for tanh; 4 for sigmoid undoes its slope of 1/4
 * at zero.
 */
export const INITIALISERS = {
  he: { function: 'kaiming_normal_', arguments: (q) => `nonlinearity=${q}relu${q}`, title: 'He' },
  heLeaky: {
    function: 'kaiming_normal_',
    arguments: (q) => `a=0.01, nonlinearity=${q}leaky_relu${q}`,
    title: 'He',
  },
  heUniform: { function: 'kaiming_uniform_', arguments: (q) => `nonlinearity=${q}relu${q}`, title: 'uniform He' },
  lecun: { function: 'kaiming_normal_', arguments: (q) => `nonlinearity=${q}linear${q}`, title: 'LeCun normal' },
  orthogonal: { function: 'orthogonal_', arguments: () => 'gain=2 ** 0.5', title: 'orthogonal' },
  glorotTanh: { function: 'xavier_uniform_', arguments: () => 'gain=5 / 3', title: 'Glorot' },
  glorotSigmoid: { function: 'xavier_uniform_', arguments: () => 'gain=4', title: 'Glorot' },
} as const satisfies Record<string, InitialiserCall>;
export type InitialiserName = keyof typeof INITIALISERS;
