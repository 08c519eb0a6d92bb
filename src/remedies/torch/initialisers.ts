import type { InitialiserName } from '../idea';

/** One call of `torch.nn.init` on a weight; `arguments` go behind the weight. */
export interface InitialiserCall {
  function: string;
  arguments: (quote: string) => string;
}

/**
 * Initialisers on offer. Kaiming with nonlinearity `linear` is N(0, 1 / fan_in), LeCun normal, which SELU is made for (Klambauer et al.
 * 2017); He et al. 2015 for ReLU; Glorot and Bengio 2010 with the gain 5/3 of `calculate_gain('tanh')` for tanh; 4 for sigmoid undoes its slope of 1/4
 * at zero.
 */
export const INITIALISERS: Record<InitialiserName, InitialiserCall> = {
  he: { function: 'kaiming_normal_', arguments: (q) => `nonlinearity=${q}relu${q}` },
  heLeaky: {
    function: 'kaiming_normal_',
    arguments: (q) => `a=0.01, nonlinearity=${q}leaky_relu${q}`,
  },
  heUniform: { function: 'kaiming_uniform_', arguments: (q) => `nonlinearity=${q}relu${q}` },
  lecun: { function: 'kaiming_normal_', arguments: (q) => `nonlinearity=${q}linear${q}` },
  orthogonal: { function: 'orthogonal_', arguments: () => 'gain=2 ** 0.5' },
  glorotTanh: { function: 'xavier_uniform_', arguments: () => 'gain=5 / 3' },
  glorotSigmoid: { function: 'xavier_uniform_', arguments: () => 'gain=4' },
};
